//! Several producers, several consumers.

use std::sync::Arc;

use futures::stream;
use producer_consumer::{consume, consume_cloned, naive, produce, run};
use timeline::{Clock, LaneExt, Recording, record};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::{ms, paced, sorted, work};

#[test]
fn every_item_is_handled_exactly_once() {
    for producers in 1..=3 {
        for consumers in 1..=4 {
            for capacity in [1, 2, 7] {
                let sources = (0..producers).map(|number| stream::iter(number * 9..number * 9 + 9));
                let (handled, _) = record(Clock::Virtual, run(mpsc::channel(capacity), sources, consumers, work));
                assert!(sorted(handled.unwrap()).into_iter().eq(0..producers * 9));
            }
        }
    }
}

#[test]
fn one_consumer_receives_each_producers_items_in_their_order() {
    let sources = [paced(ms(30), [11, 12, 13]), paced(ms(47), [21, 22, 23])];
    let (items, _) = record(Clock::Virtual, run(mpsc::channel(2), sources, 1, work));
    assert_eq!(items.unwrap(), [11, 21, 12, 13, 22, 23]);
}

#[test]
#[should_panic(expected = "a queue without consumers is never emptied")]
fn a_run_without_consumers_panics_at_once() {
    let _ = record(Clock::Virtual, run(mpsc::channel(2), [stream::iter([1])], 0, work));
}

#[test]
fn a_panic_in_the_work_is_an_error_of_the_run() {
    let broken = async |item: u32| if item == 2 { panic!("broken") } else { item };
    let (ended, _) = record(Clock::Virtual, run(mpsc::channel(2), [stream::iter(1..=9)], 3, broken));
    assert!(ended.unwrap_err().is_panic());
}

#[test]
fn a_lock_held_while_working_lets_one_consumer_work_at_a_time() {
    let (_, right) = record(Clock::Virtual, run(mpsc::channel(2), [stream::iter(1..=9)], 3, watched));
    let (_, wrong) = record(Clock::Virtual, naive::run_locked(mpsc::channel(2), [stream::iter(1..=9)], 3, watched));
    assert_eq!((right.peak("work"), right.total()), (3, 300_000));
    assert_eq!((wrong.peak("work"), wrong.total()), (1, 900_000));
}

#[test]
fn the_guard_in_a_while_let_lives_as_long_as_its_body() {
    let recording = shared_between_three(async |queue| drop(naive::consume(queue, watched).await));
    assert_eq!(recording.peak("work"), 1);
}

#[test]
fn the_guard_in_a_statement_of_its_own_ends_before_the_work_begins() {
    let recording = shared_between_three(async |queue| drop(consume(queue, watched).await));
    assert_eq!(recording.peak("work"), 3);
}

#[test]
fn clones_of_an_async_channels_receiver_work_at_once_without_a_lock() {
    let (results, recording) = record(Clock::Virtual, async {
        let (sender, queue) = async_channel::bounded(9);
        (1..=9).for_each(|item| sender.try_send(item).unwrap());
        drop(sender);
        let consumers: JoinSet<_> = (0..3).map(|_| consume_cloned(queue.clone(), watched)).collect();
        consumers.join_all().await.concat()
    });
    assert_eq!(sorted(results), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!((recording.peak("work"), recording.total()), (3, 300_000));
}

/// [`work`], in a lane.
async fn watched(item: u32) -> u32 {
    work(item).lane("work").await
}

/// Nine items for three consumers that share a receiver.
fn shared_between_three<F: Future<Output = ()>>(consumer: impl Fn(Arc<Mutex<mpsc::Receiver<u32>>>) -> F) -> Recording {
    let ((), recording) = record(Clock::Virtual, async {
        let (sender, receiver) = mpsc::channel(9);
        assert_eq!(produce(stream::iter(1..=9), sender).await, Ok(()));
        let queue = Arc::new(Mutex::new(receiver));
        tokio::join!(consumer(queue.clone()), consumer(queue.clone()), consumer(queue));
    });
    recording
}

#[test]
fn dropping_a_run_aborts_its_tasks() {
    let ((), recording) = record(Clock::Virtual, async {
        let run = run(mpsc::channel(2), [stream::iter(1..=9)], 2, watched);
        timeout(ms(150), run).await.unwrap_err();
        sleep(ms(1)).await; // Aborted tasks are dropped when the runtime comes round to them.
    });
    assert_eq!(recording.never_ended(), [""; 0]);
    assert_eq!(recording.cancelled(), ["producer 1", "consumer 1", "consumer 2", "work", "work"]);
}
