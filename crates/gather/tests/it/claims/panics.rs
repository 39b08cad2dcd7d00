//! What a panic does to the others.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use gather::{all, spawned, spawned_all_or_nothing};
use timeline::{Clock, Outcome, record};

use super::{Failure, answer, panic_after};

#[test]
fn a_panic_in_a_spawned_task_is_an_err_and_leaves_the_others_alone() {
    let requests = async { spawned([answer(30), panic_after(10), answer(20)]).await };
    let (results, recording) = record(Clock::Virtual, requests);
    assert!(results[1].as_ref().unwrap_err().is_panic());
    assert_eq!((recording.finish_order(), recording.ended(Outcome::Panicked)), (vec!["20", "30"], vec!["10"]));
}

#[test]
fn a_panic_in_a_joined_future_unwinds_through_all() {
    let requests = async { AssertUnwindSafe(all([answer(30), panic_after(10), answer(20)])).catch_unwind().await };
    let (result, recording) = record(Clock::Virtual, requests);
    assert_eq!(result.unwrap_err().downcast_ref(), Some(&"a bug"));
    assert_eq!((recording.cancelled(), recording.ended(Outcome::Panicked)), (vec!["30", "20"], vec!["10"]));
}

#[test]
fn a_panic_is_an_error_for_spawned_all_or_nothing() {
    let requests = async { spawned_all_or_nothing([answer(30), panic_after(10), answer(20)]).await };
    let (result, recording) = record(Clock::Virtual, requests);
    assert_eq!(result, Err(Failure::Panicked));
    assert_eq!(recording.cancelled(), ["30", "20"]);
}
