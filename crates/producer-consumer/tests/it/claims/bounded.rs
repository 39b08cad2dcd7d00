//! How long a queue gets.

use std::panic::catch_unwind;

use futures::stream;
use producer_consumer::{naive, produce, run};
use room::everywhere;
use timeline::LaneExt;
use tokio::sync::mpsc::{self, Receiver};
use tokio::task::yield_now;
use tokio::time::sleep;

use super::{WORK, work};

/// The queue's length after each item, at a consumer that is slower than its producer.
async fn lengths(mut receiver: Receiver<u32>) -> Vec<usize> {
    let mut lengths = Vec::new();
    while receiver.recv().await.is_some() {
        sleep(WORK).await;
        lengths.push(receiver.len());
    }
    lengths
}

#[test]
fn producers_wait_while_the_queue_is_full() {
    everywhere(|world| {
        let lengths = world.run(async {
            let (sender, receiver) = mpsc::channel(2);
            tokio::spawn(produce(stream::iter(1..=6), sender));
            lengths(receiver).await
        });
        assert_eq!(lengths, [2, 2, 2, 2, 1, 0]);
    });
}

#[test]
fn the_length_never_passes_the_capacity_whatever_the_number_of_producers() {
    everywhere(|world| {
        for (producers, capacity) in [(1, 1), (2, 3), (4, 2), (9, 3)] {
            let longest = world.run(async {
                let (sender, mut receiver) = mpsc::channel(capacity);
                for _ in 0..producers {
                    tokio::spawn(produce(stream::iter(0..20), sender.clone()));
                }
                drop(sender);
                let mut longest = 0;
                loop {
                    // Looks while the producers fill the queue, too, and not only once it is full.
                    for _ in 0..9 {
                        longest = longest.max(receiver.len());
                        yield_now().await;
                    }
                    if receiver.recv().await.is_none() {
                        return longest;
                    }
                }
            });
            assert!(longest <= capacity, "{producers} producers: {longest} items in a queue for {capacity}");
        }
    });
}

#[test]
fn an_unbounded_queue_holds_every_item_that_the_producer_is_ahead() {
    everywhere(|world| {
        let ahead = world.run(async {
            let (sender, mut receiver) = mpsc::unbounded_channel();
            for item in 0..1_000 {
                sender.send(item).unwrap(); // No `await`: it cannot wait.
            }
            assert_eq!(receiver.recv().await, Some(0));
            receiver.len()
        });
        assert_eq!(ahead, 999);
    });
}

#[test]
fn a_queue_that_ignores_its_capacity_grows_too() {
    everywhere(|world| {
        let lengths = world.run(async {
            let (sender, receiver) = naive::channel(2);
            tokio::spawn(produce(stream::iter(1..=6), sender));
            lengths(receiver).await
        });
        assert_eq!(lengths, [5, 4, 3, 2, 1, 0]);
    });
}

#[test]
fn a_bounded_queue_keeps_its_producer_until_the_consumer_catches_up() {
    let watched = async |item| work(item).lane("work").await;
    everywhere(|world| {
        let (_, bounded) = world.record(run(mpsc::channel(2), [stream::iter(1..=9)], 1, watched));
        let (_, unbounded) = world.record(run(naive::channel(2), [stream::iter(1..=9)], 1, watched));
        // The last item has a place when the seventh is taken out.
        world.assert_took(bounded.lane("producer 1").unwrap().lasted().unwrap(), WORK * 6);
        assert_eq!(unbounded.finish_order()[0], "producer 1");
    });
}

#[test]
fn a_capacity_of_zero_panics() {
    assert!(catch_unwind(|| mpsc::channel::<u32>(0)).is_err());
}

#[test]
fn a_producer_says_that_it_waits_only_when_the_queue_is_full() {
    everywhere(|world| {
        for (items, waits) in [(2, false), (4, true)] {
            let ((), recording) = world.record(async {
                let (sender, receiver) = mpsc::channel(2);
                let producer = tokio::spawn(produce(stream::iter(1..=items), sender).try_lane("producer"));
                lengths(receiver).await;
                assert!(producer.await.unwrap().is_ok());
            });
            assert_eq!(!recording.lane("producer").unwrap().notes.is_empty(), waits);
        }
    });
}
