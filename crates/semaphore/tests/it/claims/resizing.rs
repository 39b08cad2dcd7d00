//! Adding permits, taking them away, closing.

use std::sync::Arc;

use semaphore::{limited, take_away, with_permit};
use timeline::{Clock, Recording, record};
use tokio::sync::{Semaphore, TryAcquireError};
use tokio::time::sleep;

use super::{ms, permits, work};

/// Twelve items of 100 ms, on two permits, with something done to the semaphore after 150 ms.
fn meanwhile(change: impl AsyncFnOnce(&Semaphore)) -> (Vec<u64>, Recording) {
    let semaphore = permits(2);
    record(Clock::Virtual, async {
        let change = async {
            sleep(ms(150)).await;
            change(&semaphore).await;
        };
        tokio::join!(limited(Arc::clone(&semaphore), [100; 12], work), change).0.unwrap_or_default()
    })
}

#[test]
fn permits_added_meanwhile_let_more_run() {
    let (_, two) = meanwhile(async |_| {});
    let (_, four) = meanwhile(async |semaphore| semaphore.add_permits(2));
    assert_eq!((two.peak("work"), two.total()), (2, 600_000));
    assert_eq!((four.peak("work"), four.total()), (4, 400_000));
}

#[test]
fn permits_taken_away_let_fewer_run() {
    let (_, recording) = meanwhile(async |semaphore| take_away(semaphore, 1).await.unwrap());
    let late = recording.peak_where(|lane| lane.started() >= Some(250_000));
    assert_eq!((recording.peak("work"), late), (2, 1));
}

#[tokio::test]
async fn forget_permits_takes_only_those_that_are_free() {
    let semaphore = Semaphore::new(3);
    let _held = semaphore.acquire_many(2).await.unwrap();
    assert_eq!(semaphore.forget_permits(2), 1);
}

#[test]
fn when_the_semaphore_is_closed_no_more_is_started_and_what_runs_ends() {
    let (results, recording) = meanwhile(async |semaphore| semaphore.close());
    assert_eq!(results.len(), 4);
    assert_eq!(recording.finish_order().len(), 4);
    assert_eq!(recording.total(), 200_000);
}

#[tokio::test(start_paused = true)]
async fn a_closed_semaphore_is_an_error_for_those_who_wait_and_for_those_who_come() {
    let semaphore = Semaphore::new(1);
    let _held = semaphore.acquire().await.unwrap();
    let (waiting, ()) = tokio::join!(with_permit(&semaphore, async {}), async { semaphore.close() });
    assert!(waiting.is_err());
    assert!(with_permit(&semaphore, async {}).await.is_err());
    assert_eq!(semaphore.try_acquire().unwrap_err(), TryAcquireError::Closed);
}
