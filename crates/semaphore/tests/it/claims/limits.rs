//! How many run at once, how long it takes, and how many exist.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::StreamExt;
use futures::stream;
use room::{World, everywhere, on_one_thread, with_several_workers};
use semaphore::{limited, limited_in_one_task, naive, with_permit};
use timeline::{Micros, Recording};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::JoinError;

use super::{by_hand, ms, permits, waits_for_ever, work};

const ITEMS: [u64; 9] = [46, 6, 11, 17, 22, 28, 33, 9, 14];

/// When the fourth item began, and when the first ended.
fn fourth_and_first(recording: &Recording) -> (Option<Micros>, Option<Micros>) {
    let lanes: Vec<_> = recording.named("work").collect();
    (lanes[3].started(), lanes[0].closed)
}

#[test]
fn at_most_so_many_run_at_once_and_as_many_when_there_is_enough_to_do() {
    everywhere(|world| {
        for limit in [1, 2, 3, 8, 9] {
            let (_, recording) = world.record(limited(permits(limit), ITEMS, work));
            assert_eq!(recording.peak("work"), limit);
        }
    });
}

#[test]
fn all_of_them_run_at_once_when_the_limit_is_larger_than_their_number() {
    everywhere(|world| {
        let (_, recording) = world.record(limited(permits(100), ITEMS, work));
        assert_eq!(recording.peak("work"), 9);
        world.assert_took(recording.total(), ms(46));
    });
}

#[test]
fn the_results_keep_the_order_of_the_items() {
    everywhere(|world| {
        let (results, recording) = world.record(limited(permits(3), ITEMS, work));
        assert_eq!(results.unwrap(), ITEMS);
        let first = recording.named("work").next().unwrap();
        assert!(first.closed > recording.named("work").nth(1).unwrap().closed, "the second was ready before the first");
    });
}

#[test]
fn a_permit_that_no_variable_holds_limits_nothing() {
    everywhere(|world| {
        let (_, right) = world.record(limited(permits(3), ITEMS, work));
        let (_, naive) = world.record(naive::unlimited(permits(3), ITEMS, work));
        assert_eq!((right.peak("work"), naive.peak("work")), (3, 9));
    });
}

#[test]
fn let_underscore_drops_the_permit_before_the_work_begins() {
    everywhere(|world| {
        world.run(async {
            let semaphore = Semaphore::new(3);
            let free = async { semaphore.available_permits() };
            assert_eq!(naive::with_permit(&semaphore, free).await.unwrap(), 3);
            let free = async { semaphore.available_permits() };
            assert_eq!(with_permit(&semaphore, free).await.unwrap(), 2);
        });
    });
}

#[test]
fn batches_of_so_many_are_slower_than_so_many_at_a_time() {
    everywhere(|world| {
        let (_, right) = world.record(limited(permits(3), ITEMS, work));
        let (results, naive) = world.record(naive::batches(permits(3), ITEMS, work));
        assert_eq!(results.unwrap(), ITEMS);
        assert_eq!((right.peak("work"), naive.peak("work")), (3, 3));
        let (fourth, first) = fourth_and_first(&right);
        assert!(fourth < first, "the fourth begins when the second ends");
        let (fourth, first) = fourth_and_first(&naive);
        assert!(fourth >= first, "the second batch begins when the whole first one has ended");
        world.assert_took(right.total(), ms(66));
        world.assert_took(naive.total(), ms(46 + 28 + 33));
    });
}

#[test]
fn spawning_all_and_then_waiting_for_a_permit_holds_every_task_in_memory() {
    everywhere(|world| {
        assert_eq!(alive(world, |work| naive::spawned_at_once(permits(3), 0..300, work)), 300);
    });
}

#[test]
fn on_one_thread_acquiring_before_the_spawn_holds_no_more_tasks_than_permits() {
    on_one_thread(|world| assert_eq!(alive(world, |work| limited(permits(3), 0..100, work)), 3));
}

/// A task that has released its permit still has to end, and each worker can be ending one.
#[test]
fn with_several_workers_acquiring_before_the_spawn_holds_at_most_one_task_more_for_each_worker() {
    with_several_workers(|world| {
        let World::Workers(workers) = world else { unreachable!("several workers") };
        let alive = alive(world, |work| limited(permits(3), 0..100, work));
        assert!((3..=3 + workers).contains(&alive), "{alive} tasks, 3 permits, {workers} workers");
    });
}

#[test]
fn spawned_at_once_the_futures_exist_long_before_they_start() {
    everywhere(|world| {
        let (results, naive) = world.record(naive::spawned_at_once(permits(3), ITEMS, work));
        assert_eq!(results.unwrap(), ITEMS);
        // Those that start after another one has ended, and those of them that existed before.
        let first_end = naive.named("work").filter_map(|lane| lane.closed).min();
        let late = |lane: &&timeline::Lane| lane.started() >= first_end;
        let (_, right) = world.record(limited(permits(3), ITEMS, work));
        let right_end = right.named("work").filter_map(|lane| lane.closed).min();
        assert_eq!(naive.named("work").filter(late).filter(|lane| Some(lane.opened) < first_end).count(), 6);
        assert_eq!(right.named("work").filter(|lane| Some(lane.opened) < right_end).count(), 3);
        assert_eq!((right.peak("work"), naive.peak("work")), (3, 3));
    });
}

#[test]
fn buffer_unordered_limits_as_well_and_needs_no_tasks() {
    everywhere(|world| {
        let (results, recording) = world.record(limited_in_one_task(3, ITEMS, work));
        assert_eq!(results, ITEMS);
        assert_eq!(recording.peak("work"), 3);
        world.assert_took(recording.total(), ms(66));
        assert_eq!(alive(world, |work| async { Ok(limited_in_one_task(3, 0..9, work).await) }), 0);
    });
}

#[test]
fn buffered_keeps_the_order_and_a_slow_item_keeps_those_behind_it_waiting() {
    everywhere(|world| {
        let (results, buffered) = world.record(stream::iter(ITEMS).map(work).buffered(3).collect::<Vec<_>>());
        assert_eq!(results, ITEMS);
        let (fourth, first) = fourth_and_first(&buffered);
        assert!(fourth >= first, "the second and the third were done long before");
        let (_, unordered) = world.record(limited_in_one_task(3, ITEMS, work));
        let (fourth, first) = fourth_and_first(&unordered);
        assert!(fourth < first);
    });
}

#[test]
fn buffer_unordered_of_zero_waits_for_ever() {
    everywhere(|world| {
        world.run(async {
            let nothing = stream::iter(ITEMS).map(work).buffer_unordered(0).collect::<Vec<_>>();
            assert!(waits_for_ever(world, nothing).await);
        });
    });
}

#[test]
#[should_panic(expected = "a limit of 0 lets nothing run")]
fn a_stream_with_a_limit_of_zero_panics() {
    everywhere(|world| drop(world.run(limited_in_one_task(0, ITEMS, work))));
}

#[test]
fn a_semaphore_without_permits_is_closed_until_somebody_adds_one() {
    by_hand(|| {
        let semaphore = Semaphore::new(0);
        let mut waiting = tokio_test::task::spawn(semaphore.acquire());
        tokio_test::assert_pending!(waiting.poll());
        semaphore.add_permits(1);
        assert!(waiting.is_woken());
        assert!(tokio_test::assert_ready!(waiting.poll()).is_ok());
    });
}

/// How many spawned tasks were alive at most while an item was worked on.
fn alive<F>(world: World, run: impl FnOnce(Box<dyn Fn(u64) -> Counted>) -> F) -> usize
where
    F: Future<Output = Result<Vec<()>, JoinError>>,
{
    let most = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&most);
    let work = move |_| -> Counted {
        let counter = Arc::clone(&counter);
        Box::pin(async move {
            // All that are spawned at once are there by then.
            tokio::time::sleep(ms(5)).await;
            counter.fetch_max(Handle::current().metrics().num_alive_tasks(), Ordering::Relaxed);
        })
    };
    world.run(run(Box::new(work))).unwrap();
    most.load(Ordering::Relaxed)
}

type Counted = Pin<Box<dyn Future<Output = ()> + Send>>;
