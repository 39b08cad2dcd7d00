//! A guard across an await, and what a cancelled holder leaves.

use super::*;

/// Appends twice, with an await in between that lasts until `go` comes.
async fn append_twice(mut list: OwnedMutexGuard<Vec<i32>>, go: oneshot::Receiver<()>) {
    list.push(1);
    let _gone = go.await;
    list.push(2);
}

#[test]
fn a_holder_that_is_dropped_leaves_its_change_half_done_and_the_lock_free() {
    everywhere(|world| {
        world.run(async {
            let list = Arc::new(Mutex::new(Vec::new()));
            let (_go, gone) = oneshot::channel();
            let mut change = Box::pin(naive::change_to_the_end(Arc::clone(&list), |list| append_twice(list, gone)));
            assert!(futures::poll!(&mut change).is_pending());
            assert!(list.try_lock().is_err());
            drop(change);
            // No error, no poison: the next holder sees a half.
            assert_eq!(*list.lock().await, [1]);
        });
    });
}

#[test]
#[expect(clippy::await_holding_lock, reason = "what the claim is about")]
fn a_std_lock_is_not_poisoned_by_a_cancelled_holder() {
    everywhere(|world| {
        world.run(async {
            let lock = std::sync::Mutex::new(0);
            let mut holder = Box::pin(async {
                let mut held = lock.lock().unwrap();
                *held = 1;
                pending::<()>().await;
            });
            assert!(futures::poll!(&mut holder).is_pending());
            drop(holder);
            assert_eq!(*lock.lock().unwrap(), 1);
        });
    });
}

#[test]
fn change_to_the_end_goes_on_when_its_caller_is_dropped_and_holds_the_lock_until_then() {
    everywhere(|world| {
        world.run(async {
            let list = Arc::new(Mutex::new(Vec::new()));
            let (go, gone) = oneshot::channel();
            let mut change = Box::pin(change_to_the_end(Arc::clone(&list), |list| append_twice(list, gone)));
            assert!(futures::poll!(&mut change).is_pending());
            drop(change);
            assert!(list.try_lock().is_err());
            go.send(()).unwrap();
            assert_eq!(*list.lock().await, [1, 2]);
        });
    });
}

#[test]
fn change_to_the_end_returns_after_the_change_and_with_its_value() {
    everywhere(|world| {
        world.run(async {
            let list = Arc::new(Mutex::new(Vec::new()));
            let length = change_to_the_end(Arc::clone(&list), async |mut list: OwnedMutexGuard<Vec<i32>>| {
                list.push(1);
                yield_now().await;
                list.push(2);
                list.len()
            });
            assert_eq!(length.await.unwrap(), 2);
            assert_eq!(*list.try_lock().unwrap(), [1, 2]);
        });
    });
}

#[test]
fn change_to_the_end_that_is_dropped_in_the_queue_changes_nothing() {
    everywhere(|world| {
        world.run(async {
            let list = Arc::new(Mutex::new(Vec::new()));
            let held = list.lock().await;
            let (_go, gone) = oneshot::channel();
            let mut change = Box::pin(change_to_the_end(Arc::clone(&list), |list| append_twice(list, gone)));
            assert!(futures::poll!(&mut change).is_pending());
            drop(change);
            drop(held);
            assert_eq!(*list.lock().await, [0; 0]);
        });
    });
}

#[test]
fn change_to_the_end_reports_a_panic_and_frees_the_lock() {
    everywhere(|world| {
        world.run(async {
            let lock = Arc::new(Mutex::new(()));
            let change = change_to_the_end(Arc::clone(&lock), async |_guard| -> () { panic!("a bug") });
            assert!(change.await.unwrap_err().is_panic());
            assert!(lock.try_lock().is_ok());
        });
    });
}

#[test]
fn an_owned_guard_travels_into_a_task() {
    everywhere(|world| {
        world.run(async {
            let lock = Arc::new(Mutex::new(1));
            let guard = Arc::clone(&lock).lock_owned().await;
            let (go, gone) = oneshot::channel::<()>();
            let task = tokio::spawn(async move {
                gone.await.unwrap();
                drop(guard);
            });
            assert!(lock.try_lock().is_err());
            go.send(()).unwrap();
            task.await.unwrap();
            assert!(lock.try_lock().is_ok());
        });
    });
}

#[test]
fn a_guard_that_may_write_becomes_one_that_may_read_and_no_writer_comes_in_between() {
    everywhere(|world| {
        world.run(async {
            let lock = RwLock::new(1);
            let writing = lock.write().await;
            let mut next = Box::pin(lock.write());
            assert!(futures::poll!(&mut next).is_pending());
            let reading = writing.downgrade();
            assert!(futures::poll!(&mut next).is_pending());
            assert_eq!(*reading, 1);
        });
    });
}
