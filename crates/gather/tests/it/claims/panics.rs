//! What a panic does to the others.

use std::panic::AssertUnwindSafe;

use super::*;

#[test]
fn a_panic_in_a_spawned_task_is_an_err_and_leaves_the_others_alone() {
    everywhere(|world| {
        let (results, recording) = world.record(async { spawned([answer(30), panic_soon(), answer(20)]).await });
        assert!(results[1].as_ref().unwrap_err().is_panic());
        assert_eq!(recording.ended(Outcome::Finished), ["30", "20"]);
        assert_eq!(recording.ended(Outcome::Panicked), ["panics"]);
    });
}

#[test]
fn a_panic_in_a_joined_future_unwinds_through_all() {
    everywhere(|world| {
        let requests = async { AssertUnwindSafe(all([hang(), panic_soon(), hang()])).catch_unwind().await };
        let (result, recording) = world.record(requests);
        assert_eq!(result.unwrap_err().downcast_ref(), Some(&"a bug"));
        assert_eq!(recording.cancelled(), ["hangs", "hangs"]);
        assert_eq!(recording.ended(Outcome::Panicked), ["panics"]);
    });
}

#[test]
fn a_panic_is_an_error_for_spawned_all_or_nothing() {
    everywhere(|world| {
        let requests = async { spawned_all_or_nothing([hang(), panic_soon(), hang()]).await };
        let (result, recording) = world.record(requests);
        assert_eq!(result, Err(Failure::Panicked));
        assert_eq!(recording.cancelled().len() + recording.never_started().len(), 2);
    });
}
