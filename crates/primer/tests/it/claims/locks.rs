//! Locks, events, barriers.

use std::collections::BinaryHeap;
use std::sync::Arc;

use futures::FutureExt;
use room::everywhere;
use tokio::sync::{Barrier, Mutex, Notify, OnceCell, RwLock, Semaphore, SetOnce, watch};
use tokio::task::yield_now;
use tokio_util::sync::CancellationToken;

use super::is_pending;

#[test]
fn waiting_tasks_get_a_tokio_lock_in_the_order_in_which_they_asked() {
    everywhere(|world| {
        world.run(async {
            let lock = Arc::new(Mutex::new(Vec::new()));
            let held = lock.lock().await;
            let mut waiting = Vec::new();
            for number in [1, 2, 3] {
                let mut asking = Box::pin(Arc::clone(&lock).lock_owned());
                assert!(futures::poll!(&mut asking).is_pending());
                waiting.push(tokio::spawn(async move { asking.await.push(number) }));
            }
            drop(held);
            for task in waiting {
                task.await.unwrap();
            }
            assert_eq!(*lock.lock().await, [1, 2, 3]);
        });
    });
}

#[test]
fn a_tokio_lock_may_be_held_across_an_await_in_a_spawned_task() {
    everywhere(|world| {
        world.run(async {
            let total = Arc::new(Mutex::new(1));
            let task = tokio::spawn({
                let total = Arc::clone(&total);
                async move {
                    let mut total = total.lock().await;
                    yield_now().await;
                    *total += 1;
                }
            });
            task.await.unwrap();
            assert_eq!(*total.lock().await, 2);
        });
    });
}

#[test]
fn a_tokio_lock_is_not_reentrant() {
    everywhere(|world| {
        world.run(async {
            let lock = Mutex::new(());
            let _held = lock.lock().await;
            assert!(is_pending(lock.lock()));
        });
    });
}

#[test]
fn a_panic_poisons_a_std_lock_and_only_frees_a_tokio_lock() {
    everywhere(|world| {
        world.run(async {
            let locks = Arc::new((std::sync::Mutex::new(()), Mutex::new(())));
            let task = tokio::spawn({
                let locks = Arc::clone(&locks);
                async move {
                    let _tokio = locks.1.lock().await;
                    let _std = locks.0.lock();
                    panic!("a bug");
                }
            });
            assert!(task.await.unwrap_err().is_panic());
            assert!(locks.0.is_poisoned());
            assert!(locks.1.try_lock().is_ok());
        });
    });
}

#[test]
fn whoever_locks_a_poisoned_lock_gets_an_err_with_the_data_inside() {
    let lock = std::sync::Mutex::new(0);
    let panicked = std::panic::catch_unwind(|| {
        let mut held = lock.lock().unwrap();
        *held = 42;
        panic!("a bug");
    });
    assert!(panicked.is_err());
    assert_eq!(*lock.lock().unwrap_err().into_inner(), 42);
}

#[test]
#[expect(clippy::await_holding_lock, reason = "what the claim is about")]
fn a_std_lock_held_across_an_await_is_still_locked_when_the_next_joined_future_wants_it() {
    everywhere(|world| {
        world.run(async {
            let lock = std::sync::Mutex::new(());
            let holder = async {
                let _held = lock.lock().unwrap();
                yield_now().await;
            };
            let next = async { lock.try_lock().is_err() };
            assert!(tokio::join!(holder, next).1);
        });
    });
}

#[test]
fn a_rw_lock_lets_readers_in_together_and_a_writer_alone() {
    everywhere(|world| {
        world.run(async {
            let lock = RwLock::new(1);
            let (first, second) = (lock.read().await, lock.read().await);
            assert!(is_pending(lock.write()));
            drop((first, second));
            let _writer = lock.write().await;
            assert!(is_pending(lock.read()));
        });
    });
}

#[test]
fn notify_waiters_wakes_all_waiters_and_is_not_stored() {
    everywhere(|world| {
        world.run(async {
            let notify = Notify::new();
            let mut waiting = Box::pin(notify.notified());
            waiting.as_mut().enable();
            notify.notify_waiters();
            assert!(!is_pending(waiting));
            assert!(is_pending(notify.notified()));
        });
    });
}

#[test]
fn notify_one_without_a_waiter_is_stored_once() {
    everywhere(|world| {
        world.run(async {
            let notify = Notify::new();
            notify.notify_one();
            notify.notify_one();
            assert!(!is_pending(notify.notified()));
            assert!(is_pending(notify.notified()));
        });
    });
}

#[test]
fn a_watch_stays_set_until_it_is_cleared_as_an_event_does() {
    everywhere(|world| {
        world.run(async {
            let (event, mut receiver) = watch::channel(false);
            assert!(is_pending(receiver.wait_for(|set| *set)));
            event.send_replace(true);
            receiver.wait_for(|set| *set).await.unwrap();
            receiver.wait_for(|set| *set).await.unwrap();
            event.send_replace(false);
            assert!(is_pending(receiver.wait_for(|set| *set)));
        });
    });
}

#[test]
fn a_cancellation_token_is_an_event_that_is_never_cleared() {
    everywhere(|world| {
        world.run(async {
            let token = CancellationToken::new();
            assert!(is_pending(token.cancelled()));
            token.cancel();
            token.cancelled().await;
            token.cancelled().await;
        });
    });
}

#[test]
fn a_set_once_can_be_set_once_and_awaited_by_many() {
    everywhere(|world| {
        world.run(async {
            let value = SetOnce::new();
            assert!(is_pending(value.wait()));
            value.set(1).unwrap();
            assert!(value.set(2).is_err());
            assert_eq!((*value.wait().await, *value.wait().await), (1, 1));
        });
    });
}

#[test]
fn a_once_cell_runs_only_its_first_future() {
    everywhere(|world| {
        world.run(async {
            let cell = OnceCell::new();
            let make = async |number: i32| {
                yield_now().await;
                number
            };
            // Both ask before the value is there.
            let (first, second) = tokio::join!(cell.get_or_init(|| make(1)), cell.get_or_init(|| make(2)));
            assert_eq!((*first, *second), (1, 1));
            assert_eq!(*cell.get_or_init(|| make(3)).await, 1);
        });
    });
}

#[test]
fn a_watch_waits_for_a_condition() {
    everywhere(|world| {
        world.run(async {
            let (level, mut receiver) = watch::channel(1);
            let waiter = tokio::spawn(async move { *receiver.wait_for(|level| *level >= 3).await.unwrap() });
            for number in [2, 3] {
                level.send(number).unwrap();
                yield_now().await;
            }
            assert_eq!(waiter.await.unwrap(), 3);
        });
    });
}

#[test]
fn a_barrier_has_one_leader_and_can_be_used_again() {
    everywhere(|world| {
        world.run(async {
            let barrier = Barrier::new(2);
            for _ in 0..2 {
                let (first, last) = tokio::join!(barrier.wait(), barrier.wait());
                assert!(!first.is_leader() && last.is_leader());
            }
        });
    });
}

#[test]
fn notify_one_wakes_one_of_three() {
    everywhere(|world| {
        world.run(async {
            let notify = Notify::new();
            let mut waiting = [(); 3].map(|()| Box::pin(notify.notified()));
            for waiter in &mut waiting {
                waiter.as_mut().enable();
            }
            notify.notify_one();
            assert_eq!(waiting.into_iter().map(is_pending).collect::<Vec<_>>(), [false, true, true]);
        });
    });
}

#[test]
fn notify_waiters_also_wakes_a_notified_that_exists_and_was_not_polled() {
    everywhere(|world| {
        world.run(async {
            let notify = Notify::new();
            let waiting = notify.notified();
            notify.notify_waiters();
            assert!(!is_pending(waiting));
        });
    });
}

#[test]
fn a_semaphore_tells_how_many_permits_are_left() {
    everywhere(|world| {
        world.run(async {
            let semaphore = Semaphore::new(1);
            let permit = semaphore.acquire().await.unwrap();
            assert_eq!(semaphore.available_permits(), 0);
            drop(permit);
            assert_eq!(semaphore.available_permits(), 1);
        });
    });
}

#[test]
fn permits_that_were_never_taken_can_be_added_without_an_error() {
    everywhere(|world| {
        world.run(async {
            let semaphore = Semaphore::new(1);
            semaphore.add_permits(1);
            assert_eq!(semaphore.available_permits(), 2);
        });
    });
}

#[test]
fn a_heap_behind_a_semaphore_gives_the_greatest_first() {
    everywhere(|world| {
        world.run(async {
            let (heap, items) = (std::sync::Mutex::new(BinaryHeap::new()), Semaphore::new(0));
            let put = |item| {
                heap.lock().unwrap().push(item);
                items.add_permits(1);
            };
            let get = async || {
                items.acquire().await.expect("nobody closes this semaphore").forget();
                heap.lock().unwrap().pop().expect("there are as many items as permits")
            };
            assert!(get().now_or_never().is_none());
            for number in [1, 3, 2] {
                put(number);
            }
            assert_eq!([get().await, get().await, get().await], [3, 2, 1]);
        });
    });
}

#[test]
fn try_lock_checks_and_locks_in_one_step() {
    everywhere(|world| {
        world.run(async {
            let lock = Mutex::new(());
            let held = lock.try_lock().unwrap();
            assert!(lock.try_lock().is_err());
            drop(held);
            assert!(lock.try_lock().is_ok());
        });
    });
}
