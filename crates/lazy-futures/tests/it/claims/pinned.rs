//! A pinned future stays where it is.

use super::*;

/// Asserts that rustc refuses this body of a function with this error and no other.
fn is_refused(body: &str, error: &str) {
    let said = rustc_says(&format!("pub async fn caller() {{ {body} }}"));
    let mut errors: Vec<_> = said.lines().filter(|line| line.starts_with("error[")).collect();
    errors.dedup();
    assert_eq!(errors, [error], "{said}");
}

#[test]
fn moving_what_was_pinned_by_the_macro_is_a_use_of_a_moved_value() {
    is_refused(
        "let future = work(); let _pinned = std::pin::pin!(future); drop(future);",
        "error[E0382]: use of moved value: `future`",
    );
}

#[test]
fn moving_a_future_out_of_its_pinned_box_is_refused() {
    is_refused(
        "let boxed = Box::pin(work()); let future = *boxed; future.await;",
        "error[E0507]: cannot move out of dereference of `Pin<Box<impl Future<Output = ()>>>`",
    );
}

#[test]
fn swapping_two_pinned_futures_is_refused() {
    is_refused(
        "let one = Box::pin(work()); let other = Box::pin(work()); std::mem::swap(&mut *one, &mut *other);",
        "error[E0596]: cannot borrow data in dereference of `Pin<Box<impl Future<Output = ()>>>` as mutable",
    );
}

#[test]
fn a_pinned_box_may_move_to_another_task_between_two_polls() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let (slot, arrival) = letterbox();
            let mut reads = Box::pin(arrival.lane("reads"));
            assert!(futures::poll!(&mut reads).is_pending());
            let elsewhere = tokio::spawn(reads);
            slot.deliver("yes");
            assert_eq!(elsewhere.await.unwrap(), "yes");
        });
        assert_eq!(recording.finish_order(), ["reads"]);
    });
}
