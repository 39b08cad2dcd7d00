//! The permit comes back, whatever happens.

use std::sync::Arc;

use futures::FutureExt;
use semaphore::{limited, with_permit};
use timeline::{Clock, record};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::{ms, permits, work};

#[tokio::test(start_paused = true)]
async fn the_permit_comes_back_after_an_error() {
    let semaphore = Semaphore::new(1);
    let failing = async {
        assert_eq!(semaphore.available_permits(), 0);
        "no number".parse::<u32>()
    };
    assert!(with_permit(&semaphore, failing).await.unwrap().is_err());
    assert_eq!(semaphore.available_permits(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_permit_comes_back_after_a_panic() {
    let semaphore = permits(1);
    let shared = Arc::clone(&semaphore);
    let panicking = tokio::spawn(async move { with_permit(&shared, async { panic!("broken") }).await });
    assert!(panicking.await.unwrap_err().is_panic());
    assert_eq!(semaphore.available_permits(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_permit_comes_back_when_its_holder_is_cancelled() {
    let semaphore = Semaphore::new(1);
    let holder = with_permit(&semaphore, work(500));
    timeout(ms(100), holder).await.unwrap_err();
    assert_eq!(semaphore.available_permits(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_permit_comes_back_when_its_task_is_aborted() {
    let semaphore = permits(1);
    let permit = Arc::clone(&semaphore).acquire_owned().await.unwrap();
    let task = tokio::spawn(async move {
        sleep(ms(500)).await;
        drop(permit);
    });
    sleep(ms(100)).await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_eq!(semaphore.available_permits(), 1);
}

#[test]
fn a_permit_handed_to_a_waiter_that_is_dropped_unpolled_comes_back() {
    let semaphore = Semaphore::new(0);
    let mut waiter = Box::pin(semaphore.acquire());
    assert!(waiter.as_mut().now_or_never().is_none());
    semaphore.add_permits(1);
    assert_eq!(semaphore.available_permits(), 0);
    drop(waiter);
    assert_eq!(semaphore.available_permits(), 1);
}

#[test]
fn a_failure_makes_room_for_the_next_at_once() {
    let flaky = async |number: u64| if number == 1 { Err(number) } else { Ok(work(100).await) };
    let (results, recording) = record(Clock::Virtual, limited(permits(1), 1..=3, flaky));
    assert_eq!(results.unwrap(), [Err(1), Ok(100), Ok(100)]);
    assert_eq!(recording.total(), 200_000);
}

#[test]
fn a_panic_in_the_work_is_an_error() {
    let broken = async |number: u64| if number == 2 { panic!("broken") } else { work(number).await };
    let (ended, _) = record(Clock::Virtual, limited(permits(2), 1..=9, broken));
    assert!(ended.unwrap_err().is_panic());
}

#[test]
fn dropping_the_run_aborts_its_tasks() {
    let ((), recording) = record(Clock::Virtual, async {
        timeout(ms(50), limited(permits(2), [100; 9], work)).await.unwrap_err();
        sleep(ms(1)).await; // Aborted tasks are dropped when the runtime comes round to them.
    });
    assert_eq!(recording.cancelled(), ["work", "work"]);
    assert_eq!(recording.lanes.len(), 2);
}

#[test]
fn a_forgotten_permit_never_comes_back() {
    let semaphore = Semaphore::new(2);
    semaphore.try_acquire().unwrap().forget();
    assert_eq!(semaphore.available_permits(), 1);
}
