//! Several producers, several consumers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use futures::stream;
use producer_consumer::{consume, consume_cloned, naive, produce, run};
use room::{World, everywhere, on_one_thread};
use timeline::{LaneExt, Recording};
use tokio::sync::{Mutex, mpsc};
use tokio::task::{JoinSet, yield_now};
use tokio::time::{sleep, timeout};

use super::{WORK, ms, paced, sorted, work};

#[test]
fn every_item_is_handled_exactly_once() {
    let quick = async |item| {
        yield_now().await;
        item
    };
    everywhere(|world| {
        for producers in 1..=3 {
            for consumers in 1..=4 {
                for capacity in [1, 2, 7] {
                    let sources = (0..producers).map(|number| stream::iter(number * 9..number * 9 + 9));
                    let handled = world.run(run(mpsc::channel(capacity), sources, consumers, quick));
                    assert!(sorted(handled.unwrap()).into_iter().eq(0..producers * 9));
                }
            }
        }
    });
}

#[test]
fn one_consumer_receives_each_producers_items_in_their_order() {
    everywhere(|world| {
        let sources = [paced(ms(3), [11, 12, 13]), paced(ms(5), [21, 22, 23])];
        let items = world.run(run(mpsc::channel(2), sources, 1, work)).unwrap();
        let (one, other): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| *item < 20);
        assert_eq!((one, other), (vec![11, 12, 13], vec![21, 22, 23]));
    });
}

#[test]
fn a_run_without_consumers_panics_at_once() {
    everywhere(|world| {
        let ended = world.run(async { tokio::spawn(run(mpsc::channel(2), [stream::iter([1])], 0, work)).await });
        assert!(ended.unwrap_err().is_panic());
    });
}

#[test]
fn a_panic_in_the_work_is_an_error_of_the_run() {
    let broken = async |item: u32| if item == 2 { panic!("broken") } else { item };
    everywhere(|world| {
        let ended = world.run(run(mpsc::channel(2), [stream::iter(1..)], 3, broken));
        assert!(ended.unwrap_err().is_panic());
    });
}

#[test]
fn a_lock_held_while_working_lets_one_consumer_work_at_a_time() {
    everywhere(|world| {
        let (_, right) = world.record(run(mpsc::channel(2), [stream::iter(1..=9)], 3, watched));
        let (_, wrong) = world.record(naive::run_locked(mpsc::channel(2), [stream::iter(1..=9)], 3, watched));
        assert_eq!((right.peak("work"), wrong.peak("work")), (3, 1));
        world.assert_took(right.total(), WORK * 3);
        world.assert_took(wrong.total(), WORK * 9);
    });
}

#[test]
fn the_guard_in_a_while_let_lives_as_long_as_its_body() {
    everywhere(|world| {
        let recording = shared_between_three(world, async |queue| drop(naive::consume(queue, watched).await));
        assert_eq!(recording.peak("work"), 1);
    });
}

#[test]
fn the_guard_in_a_statement_of_its_own_ends_before_the_work_begins() {
    everywhere(|world| {
        let recording = shared_between_three(world, async |queue| drop(consume(queue, watched).await));
        assert_eq!(recording.peak("work"), 3);
    });
}

#[test]
fn clones_of_an_async_channels_receiver_work_at_once_without_a_lock() {
    everywhere(|world| {
        let (results, recording) = world.record(async {
            let (sender, queue) = async_channel::bounded(9);
            (1..=9).for_each(|item| sender.try_send(item).unwrap());
            drop(sender);
            let consumers: JoinSet<_> = (0..3).map(|_| consume_cloned(queue.clone(), watched)).collect();
            consumers.join_all().await.concat()
        });
        assert_eq!(sorted(results), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(recording.peak("work"), 3);
        world.assert_took(recording.total(), WORK * 3);
    });
}

#[test]
fn an_async_channel_with_items_gives_no_other_task_a_turn_on_one_thread() {
    let bare = async |queue: async_channel::Receiver<u32>| while queue.recv().await.is_ok() {};
    on_one_thread(|world| assert!(turns_beside(world, bare) <= 1));
}

#[test]
fn a_consumer_within_the_budget_gives_the_other_tasks_turns_on_one_thread() {
    let within = async |queue| drop(consume_cloned(queue, async |item| item).await);
    on_one_thread(|world| assert!(turns_beside(world, within) >= 9));
}

/// How many turns another task has while a consumer takes 10,000 items that are there already.
fn turns_beside(world: World, consumer: impl AsyncFn(async_channel::Receiver<u32>)) -> usize {
    world.run(async {
        let (sender, queue) = async_channel::bounded(10_000);
        assert!((0..10_000).all(|item| sender.try_send(item).is_ok()));
        drop(sender);
        let turns = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&turns);
        let neighbour = tokio::spawn(async move {
            loop {
                counted.fetch_add(1, Relaxed);
                yield_now().await;
            }
        });
        consumer(queue).await;
        neighbour.abort();
        turns.load(Relaxed)
    })
}

/// [`work`], in a lane.
async fn watched(item: u32) -> u32 {
    work(item).lane("work").await
}

/// Nine items for three consumers that share a receiver.
fn shared_between_three<F: Future<Output = ()>>(
    world: World,
    consumer: impl Fn(Arc<Mutex<mpsc::Receiver<u32>>>) -> F,
) -> Recording {
    let ((), recording) = world.record(async {
        let (sender, receiver) = mpsc::channel(9);
        assert_eq!(produce(stream::iter(1..=9), sender).await, Ok(()));
        let queue = Arc::new(Mutex::new(receiver));
        tokio::join!(consumer(queue.clone()), consumer(queue.clone()), consumer(queue));
    });
    recording
}

#[test]
fn dropping_a_run_aborts_its_tasks() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let run = run(mpsc::channel(2), [stream::iter(1..=9)], 2, watched);
            timeout(WORK + WORK / 2, run).await.unwrap_err();
            sleep(ms(5)).await; // Aborted tasks are dropped when the runtime comes round to them.
        });
        assert_eq!(recording.never_ended(), [""; 0]);
        let mut cancelled = recording.cancelled();
        cancelled.sort_unstable();
        assert_eq!(cancelled, ["consumer 1", "consumer 2", "producer 1", "work", "work"]);
    });
}
