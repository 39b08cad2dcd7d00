//! Variables of the thread and of the program, in place of the task's.

use super::*;

/// Reads an id before and after an await.
async fn twice(id: fn() -> Option<u64>) -> [Option<u64>; 2] {
    let before = id();
    yield_now().await;
    [before, id()]
}

/// Reads an id while it is the only one, and again when both that wait at the barrier have come there and none has gone on.
async fn around(barrier: &Barrier, id: fn() -> Option<u64>) -> [Option<u64>; 2] {
    let before = id();
    barrier.wait().await;
    let after = id();
    barrier.wait().await;
    [before, after]
}

#[test]
fn two_task_locals_at_once_on_one_thread_do_not_mix() {
    everywhere(|world| {
        let barrier = Barrier::new(2);
        let (seven, eight) = world.run(async {
            tokio::join!(with_id(7, around(&barrier, current_id)), with_id(8, around(&barrier, current_id)))
        });
        assert_eq!((seven, eight), ([Some(7); 2], [Some(8); 2]));
    });
}

#[test]
fn a_task_local_goes_with_its_future_from_thread_to_thread() {
    let mut read = Box::pin(with_id(7, twice(current_id)));
    assert!(poll_on_a_new_thread(&mut read).is_pending());
    assert_eq!(poll_on_a_new_thread(&mut read), Poll::Ready([Some(7), Some(7)]));
}

#[test]
fn a_thread_local_stays_behind_when_its_future_changes_the_thread() {
    let mut read = Box::pin(naive::per_thread::with_id(7, twice(naive::per_thread::current_id)));
    assert!(poll_on_a_new_thread(&mut read).is_pending());
    assert_eq!(poll_on_a_new_thread(&mut read), Poll::Ready([Some(7), None]));
}

#[test]
fn a_thread_local_is_read_by_the_other_futures_of_its_thread() {
    everywhere(|world| {
        use naive::per_thread::{current_id, with_id};
        let barrier = Barrier::new(2);
        let (seven, eight) = world.run(async {
            tokio::join!(with_id(7, around(&barrier, current_id)), with_id(8, around(&barrier, current_id)))
        });
        assert_eq!((seven, eight), ([Some(7), Some(8)], [Some(8); 2]));
    });
}

#[test]
fn a_thread_local_of_a_cancelled_future_is_read_by_what_comes_next_on_the_thread() {
    use naive::per_thread::{current_id, with_id};
    let next = thread::spawn(|| {
        let mut cancelled = Box::pin(with_id(7, pending::<()>()));
        assert!(cancelled.as_mut().now_or_never().is_none());
        drop(cancelled);
        current_id()
    });
    assert_eq!(next.join().unwrap(), Some(7));
}

#[test]
fn a_global_is_read_by_all_requests() {
    use naive::global::{current_id, with_id};
    everywhere(|world| {
        let barrier = Barrier::new(2);
        let (seven, eight) = world.run(async {
            tokio::join!(with_id(7, around(&barrier, current_id)), with_id(8, around(&barrier, current_id)))
        });
        assert_eq!((seven, eight), ([Some(7), Some(8)], [Some(8); 2]));
    });
}
