//! How long a queue gets.

use futures::stream;
use producer_consumer::{naive, produce, run};
use timeline::{Clock, record};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::sleep;

use super::{ms, work};

/// The queue's length after each item, at a consumer that takes 100 ms for one.
async fn lengths(mut receiver: Receiver<u32>) -> Vec<usize> {
    let mut lengths = Vec::new();
    while receiver.recv().await.is_some() {
        sleep(ms(100)).await;
        lengths.push(receiver.len());
    }
    lengths
}

#[tokio::test(start_paused = true)]
async fn producers_wait_while_the_queue_is_full() {
    let (sender, receiver) = mpsc::channel(2);
    tokio::spawn(produce(stream::iter(1..=6), sender));
    assert_eq!(lengths(receiver).await, [2, 2, 2, 2, 1, 0]);
}

#[tokio::test(start_paused = true)]
async fn the_length_never_passes_the_capacity_whatever_the_number_of_producers() {
    let (sender, receiver) = mpsc::channel(3);
    for producer in 0..4 {
        tokio::spawn(produce(stream::iter(producer * 10..producer * 10 + 5), sender.clone()));
    }
    drop(sender);
    let lengths = lengths(receiver).await;
    assert_eq!(lengths.len(), 20);
    assert_eq!(lengths.iter().max(), Some(&3));
}

#[tokio::test]
async fn an_unbounded_queue_grows_by_all_that_the_producer_is_ahead() {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    for item in 0..1_000 {
        sender.send(item).unwrap(); // No `await`: it cannot wait.
    }
    assert_eq!(receiver.recv().await, Some(0));
    assert_eq!(receiver.len(), 999);
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_ignores_its_capacity_grows_too() {
    let (sender, receiver) = naive::channel(2);
    tokio::spawn(produce(stream::iter(1..=6), sender));
    assert_eq!(lengths(receiver).await, [5, 4, 3, 2, 1, 0]);
}

#[test]
fn a_bounded_queue_keeps_its_producer_until_the_consumer_catches_up() {
    assert_eq!(producer_lasted(mpsc::channel(2)), Some(600_000));
    assert_eq!(producer_lasted(naive::channel(2)), Some(0));
}

fn producer_lasted(queue: (Sender<u32>, Receiver<u32>)) -> Option<u64> {
    let (_, recording) = record(Clock::Virtual, run(queue, [stream::iter(1..=9)], 1, work));
    recording.lane("producer 1")?.lasted()
}

#[test]
#[should_panic(expected = "mpsc bounded channel requires buffer > 0")]
fn a_capacity_of_zero_panics() {
    let _ = mpsc::channel::<u32>(0);
}
