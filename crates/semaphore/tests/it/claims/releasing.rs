//! The permit is released, whatever happens.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::FutureExt;
use room::everywhere;
use semaphore::{limited, with_permit};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_test::assert_pending;
use tokio_test::task::spawn;

use super::{by_hand, ms, permits, work};

#[test]
fn the_permit_is_released_after_an_error() {
    everywhere(|world| {
        world.run(async {
            let semaphore = Semaphore::new(1);
            let failing = async {
                assert_eq!(semaphore.available_permits(), 0);
                "no number".parse::<u32>()
            };
            assert!(with_permit(&semaphore, failing).await.unwrap().is_err());
            assert_eq!(semaphore.available_permits(), 1);
        });
    });
}

#[test]
fn the_permit_is_released_after_a_panic() {
    everywhere(|world| {
        world.run(async {
            let semaphore = permits(1);
            let shared = Arc::clone(&semaphore);
            let panicking = tokio::spawn(async move { with_permit(&shared, async { panic!("broken") }).await });
            assert!(panicking.await.unwrap_err().is_panic());
            assert_eq!(semaphore.available_permits(), 1);
        });
    });
}

#[test]
fn the_permit_is_released_when_its_holder_is_cancelled() {
    everywhere(|world| {
        world.run(async {
            let semaphore = Semaphore::new(1);
            timeout(ms(5), with_permit(&semaphore, work(500))).await.unwrap_err();
            assert_eq!(semaphore.available_permits(), 1);
        });
    });
}

#[test]
fn the_permit_is_released_when_its_task_is_aborted() {
    everywhere(|world| {
        world.run(async {
            let semaphore = permits(1);
            let permit = Arc::clone(&semaphore).acquire_owned().await.unwrap();
            let task = tokio::spawn(async move {
                sleep(ms(500)).await;
                drop(permit);
            });
            sleep(ms(5)).await;
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
            assert_eq!(semaphore.available_permits(), 1);
        });
    });
}

#[test]
fn a_permit_handed_to_a_waiter_that_is_dropped_unpolled_is_released() {
    by_hand(|| {
        let semaphore = Semaphore::new(0);
        let mut waiter = Box::pin(semaphore.acquire());
        assert!(waiter.as_mut().now_or_never().is_none());
        semaphore.add_permits(1);
        assert_eq!(semaphore.available_permits(), 0);
        drop(waiter);
        assert_eq!(semaphore.available_permits(), 1);
    });
}

#[test]
fn a_failure_makes_room_for_the_next_at_once() {
    everywhere(|world| {
        let flaky = async |number: u64| if number == 1 { Err(number) } else { Ok(work(10).await) };
        let (results, recording) = world.record(limited(permits(1), 1..=3, flaky));
        assert_eq!(results.unwrap(), [Err(1), Ok(10), Ok(10)]);
        assert_eq!(recording.peak("work"), 1);
        world.assert_took(recording.total(), ms(20));
    });
}

#[test]
fn a_panic_in_the_work_is_an_error_and_stops_the_run() {
    everywhere(|world| {
        let begun = AtomicUsize::new(0);
        let (ended, _) = world.record(limited(permits(2), 0..100, |number| {
            begun.fetch_add(1, Ordering::Relaxed);
            async move { if number == 1 { panic!("broken") } else { work(1).await } }
        }));
        assert!(ended.unwrap_err().is_panic());
        let begun = begun.into_inner();
        assert!(begun < 50, "{begun} of 100 items were begun after the panic of the second");
    });
}

#[test]
fn a_panic_is_reported_while_the_run_waits_for_a_permit_that_others_hold() {
    everywhere(|world| {
        world.run(async {
            let semaphore = permits(1);
            // It queues up when the first item has its permit, gets that permit after the panic, and keeps it.
            let others = RefCell::new(spawn(Arc::clone(&semaphore).acquire_owned()));
            let ended: Result<Vec<()>, _> = limited(semaphore, 0..9, |_| {
                assert_pending!(others.borrow_mut().poll());
                async { panic!("broken") }
            })
            .await;
            assert!(ended.unwrap_err().is_panic());
        });
    });
}

#[test]
fn the_run_keeps_its_place_in_the_queue_while_its_tasks_end() {
    everywhere(|world| {
        world.run(async {
            let semaphore = permits(2);
            let others = RefCell::new(spawn(Arc::clone(&semaphore).acquire_owned()));
            let later = async {
                sleep(ms(5)).await; // By then the run waits for its third permit.
                assert_pending!(others.borrow_mut().poll());
            };
            let run = limited(semaphore, [15, 30, 1], |takes| {
                if takes == 1 {
                    assert_pending!(others.borrow_mut().poll());
                }
                work(takes)
            });
            assert_eq!(tokio::join!(run, later).0.unwrap(), [15, 30, 1]);
        });
    });
}

#[test]
fn dropping_the_run_aborts_its_tasks() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            timeout(ms(5), limited(permits(2), [500; 9], work)).await.unwrap_err();
            sleep(ms(5)).await; // The runtime drops an aborted task at its next turn.
        });
        assert_eq!(recording.cancelled(), ["work", "work"]);
        assert_eq!(recording.lanes.len(), 2);
    });
}

#[test]
fn a_forgotten_permit_never_comes_back() {
    by_hand(|| {
        let semaphore = Semaphore::new(2);
        semaphore.try_acquire().unwrap().forget();
        assert_eq!(semaphore.available_permits(), 1);
    });
}
