//! How many run at once, how long it takes, and how many exist.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::StreamExt;
use futures::stream;
use semaphore::{limited, limited_in_one_task, naive, with_permit};
use timeline::{Clock, Recording, record};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::{ms, permits, work};

const ITEMS: [u64; 9] = [910, 120, 230, 340, 450, 560, 670, 180, 290];

fn recorded<R>(work: impl Future<Output = R>) -> (R, Recording) {
    record(Clock::Virtual, work)
}

#[test]
fn at_most_so_many_run_at_once_and_as_many_when_there_is_enough_to_do() {
    for limit in 1..=9 {
        let (_, recording) = recorded(limited(permits(limit), ITEMS, work));
        assert_eq!(recording.peak("work"), limit);
    }
}

#[test]
fn all_of_them_run_at_once_when_the_limit_is_larger_than_their_number() {
    let (_, recording) = recorded(limited(permits(100), ITEMS, work));
    assert_eq!((recording.peak("work"), recording.total()), (9, 910_000));
}

#[test]
fn the_results_keep_the_order_of_the_items() {
    assert_eq!(recorded(limited(permits(3), ITEMS, work)).0.unwrap(), ITEMS);
}

#[test]
fn let_underscore_limits_nothing() {
    let (_, right) = recorded(limited(permits(3), ITEMS, work));
    let (_, naive) = recorded(naive::unlimited(permits(3), ITEMS, work));
    assert_eq!((right.peak("work"), naive.peak("work")), (3, 9));
}

#[tokio::test]
async fn let_underscore_drops_the_permit_before_the_work_begins() {
    let semaphore = Semaphore::new(3);
    let free = async { semaphore.available_permits() };
    assert_eq!(naive::with_permit(&semaphore, free).await.unwrap(), 3);
    let free = async { semaphore.available_permits() };
    assert_eq!(with_permit(&semaphore, free).await.unwrap(), 2);
}

#[test]
fn batches_of_so_many_are_slower_than_so_many_at_a_time() {
    let (_, right) = recorded(limited(permits(3), ITEMS, work));
    let (_, naive) = recorded(naive::batches(permits(3), ITEMS, work));
    assert_eq!((right.peak("work"), naive.peak("work")), (3, 3));
    assert_eq!((right.total(), naive.total()), (1_350_000, 910_000 + 560_000 + 670_000));
}

#[test]
fn spawning_all_and_then_waiting_for_a_permit_holds_every_task_in_memory() {
    assert_eq!(alive(|work| naive::spawned_at_once(permits(3), 0..1_000, work)), 1_000);
}

#[test]
fn acquiring_before_the_spawn_holds_no_more_tasks_than_permits() {
    assert_eq!(alive(|work| limited(permits(3), 0..1_000, work)), 3);
}

#[test]
fn spawned_at_once_the_futures_exist_long_before_they_start() {
    let (_, right) = recorded(limited(permits(3), ITEMS, work));
    let (_, naive) = recorded(naive::spawned_at_once(permits(3), ITEMS, work));
    let early =
        |recording: &Recording| recording.lanes.iter().filter(|lane| lane.started() > Some(lane.opened)).count();
    assert_eq!((early(&right), early(&naive)), (0, 6));
    assert_eq!((right.peak("work"), naive.peak("work")), (3, 3));
}

#[test]
fn buffer_unordered_limits_as_well_and_needs_no_tasks() {
    let (results, recording) = recorded(limited_in_one_task(3, ITEMS, work));
    assert_eq!(results, ITEMS);
    assert_eq!((recording.peak("work"), recording.total()), (3, 1_350_000));
    assert_eq!(alive(|work| async { Ok(limited_in_one_task(3, 0..1_000, work).await) }), 0);
}

#[test]
fn buffered_keeps_the_order_and_a_slow_item_keeps_those_behind_it_waiting() {
    let (results, recording) = recorded(stream::iter(ITEMS).map(work).buffered(3).collect::<Vec<_>>());
    assert_eq!(results, ITEMS);
    assert!(recording.total() > recorded(limited_in_one_task(3, ITEMS, work)).1.total());
    let fourth = recording.lanes.iter().filter(|lane| lane.name == "work").nth(3).unwrap();
    assert_eq!(fourth.started(), Some(ITEMS[0] * 1_000), "the second and the third were done long before");
}

#[tokio::test(start_paused = true)]
async fn buffer_unordered_of_zero_waits_for_ever() {
    let nothing = stream::iter(ITEMS).map(work).buffer_unordered(0).collect::<Vec<_>>();
    assert!(tokio::time::timeout(ms(60_000), nothing).await.is_err());
}

#[tokio::test]
#[should_panic(expected = "a limit of 0 lets nothing run")]
async fn a_stream_with_a_limit_of_zero_panics() {
    limited_in_one_task(0, ITEMS, work).await;
}

#[tokio::test(start_paused = true)]
async fn a_semaphore_without_permits_is_closed_until_somebody_adds_one() {
    let semaphore = Semaphore::new(0);
    assert!(tokio::time::timeout(ms(100), semaphore.acquire()).await.is_err());
    semaphore.add_permits(1);
    assert!(semaphore.acquire().await.is_ok());
}

/// How many spawned tasks were alive at most while an item was worked on.
fn alive<F>(run: impl FnOnce(Box<dyn Fn(u64) -> Counted>) -> F) -> usize
where
    F: Future<Output = Result<Vec<()>, tokio::task::JoinError>>,
{
    let most = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&most);
    let work = move |_| -> Counted {
        let counter = Arc::clone(&counter);
        Box::pin(async move {
            counter.fetch_max(Handle::current().metrics().num_alive_tasks(), Ordering::Relaxed);
            tokio::time::sleep(ms(100)).await;
        })
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let ended = runtime.map(|runtime| runtime.block_on(run(Box::new(work))));
    assert!(matches!(ended, Ok(Ok(_))));
    most.load(Ordering::Relaxed)
}

type Counted = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;
