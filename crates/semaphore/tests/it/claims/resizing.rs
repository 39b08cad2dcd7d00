//! Adding permits, taking them away, closing.

use std::sync::Arc;

use room::{World, everywhere};
use semaphore::{limited, take_away, with_permit};
use timeline::{LaneExt, Recording};
use tokio::sync::{Semaphore, TryAcquireError};
use tokio::time::sleep;
use tokio_test::task::spawn;
use tokio_test::{assert_pending, assert_ready};

use super::{by_hand, ms, permits, work};

/// Twelve items of 10 ms, on this many permits, with something done to the semaphore after 15 ms.
fn meanwhile(world: World, number: usize, change: impl AsyncFnOnce(&Semaphore)) -> (Vec<u64>, Recording) {
    let semaphore = permits(number);
    world.record(async {
        let change = async {
            sleep(ms(15)).await;
            change(&semaphore).lane("change").await;
        };
        tokio::join!(limited(Arc::clone(&semaphore), [10; 12], work), change).0.unwrap_or_default()
    })
}

/// How many ran at once at most, of the items that began after the change.
fn peak_after_the_change(recording: &Recording) -> usize {
    let changed = recording.lane("change").unwrap().closed;
    recording.peak_where(|lane| lane.name == "work" && lane.started() > changed)
}

#[test]
fn permits_added_meanwhile_let_more_run() {
    everywhere(|world| {
        let (_, two) = meanwhile(world, 2, async |_| {});
        let (_, four) = meanwhile(world, 2, async |semaphore| semaphore.add_permits(2));
        assert_eq!((two.peak("work"), four.peak("work")), (2, 4));
        world.assert_took(two.total(), ms(60));
        world.assert_took(four.total(), ms(40));
    });
}

#[test]
fn permits_taken_away_let_fewer_run() {
    everywhere(|world| {
        for (before, taken) in [(2, 1), (3, 2), (4, 2)] {
            let take = async |semaphore: &Semaphore| take_away(semaphore, taken).await.unwrap();
            let (results, recording) = meanwhile(world, before, take);
            assert_eq!(results.len(), 12);
            assert_eq!(recording.peak("work"), before);
            assert_eq!(peak_after_the_change(&recording), before - taken as usize);
        }
    });
}

#[test]
fn permits_are_taken_away_before_a_later_task_gets_one() {
    by_hand(|| {
        let semaphore = Semaphore::new(3);
        let mut held: Vec<_> = (0..3).map(|_| semaphore.try_acquire().unwrap()).collect();
        let mut taking = spawn(take_away(&semaphore, 2));
        assert_pending!(taking.poll());
        let mut later = spawn(semaphore.acquire());
        assert_pending!(later.poll());

        held.pop();
        assert_pending!(taking.poll());
        assert_pending!(later.poll());
        held.pop();
        assert!(assert_ready!(taking.poll()).is_ok());
        assert_pending!(later.poll());
        held.pop();
        assert!(assert_ready!(later.poll()).is_ok());
    });
}

#[test]
fn taking_away_releases_what_it_has_collected_when_it_is_dropped() {
    by_hand(|| {
        let semaphore = Semaphore::new(3);
        let mut taking = spawn(take_away(&semaphore, 4));
        assert_pending!(taking.poll());
        assert_eq!(semaphore.available_permits(), 0);
        drop(taking);
        assert_eq!(semaphore.available_permits(), 3);
    });
}

#[test]
fn forget_permits_takes_only_those_that_are_free() {
    by_hand(|| {
        let semaphore = Semaphore::new(3);
        let held = semaphore.try_acquire_many(2).unwrap();
        assert_eq!(semaphore.forget_permits(2), 1);
        drop(held);
        assert_eq!(semaphore.available_permits(), 2);
    });
}

#[test]
fn when_the_semaphore_is_closed_no_more_is_started_and_what_runs_ends() {
    everywhere(|world| {
        let (results, recording) = meanwhile(world, 2, async |semaphore| semaphore.close());
        let works = || recording.lanes.iter().filter(|lane| lane.name == "work");
        assert_eq!(results.len(), works().count());
        assert!((2..12).contains(&results.len()), "{} items were begun", results.len());
        assert_eq!(recording.cancelled(), [""; 0]);
        // What had its permit when the semaphore was closed still begins.
        let closed = recording.lane("change").unwrap().closed;
        assert!(works().filter(|lane| lane.started() > closed).count() <= 2);
        if world.is_paused() {
            assert_eq!((results.len(), recording.total()), (4, 20_000));
        }
    });
}

#[test]
fn a_closed_semaphore_is_an_error_for_tasks_that_wait_and_for_tasks_that_come_later() {
    by_hand(|| {
        let semaphore = Semaphore::new(1);
        let _held = semaphore.try_acquire().unwrap();
        let mut waiting = spawn(with_permit(&semaphore, async {}));
        assert_pending!(waiting.poll());
        semaphore.close();
        assert!(assert_ready!(waiting.poll()).is_err());
        assert!(assert_ready!(spawn(with_permit(&semaphore, async {})).poll()).is_err());
        assert!(assert_ready!(spawn(take_away(&semaphore, 1)).poll()).is_err());
        assert_eq!(semaphore.try_acquire().unwrap_err(), TryAcquireError::Closed);
    });
}
