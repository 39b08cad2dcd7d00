//! How consumers learn that nothing more comes.

use std::process::Command;
use std::time::Duration;

use futures::{StreamExt, stream};
use producer_consumer::{Stuck, ended_within, naive, produce, run};
use timeline::{Clock, Recording, record};
use tokio::sync::mpsc;

use super::{ms, paced, sorted, work};

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test(start_paused = true)]
async fn a_queue_ends_when_its_last_sender_is_dropped() {
    let (sender, mut receiver) = mpsc::channel::<u32>(1);
    let other = sender.clone();
    drop(sender);
    tokio::time::timeout(MINUTE, receiver.recv()).await.unwrap_err();
    drop(other);
    assert_eq!(receiver.recv().await, None);
}

#[tokio::test]
async fn what_is_in_the_queue_is_received_before_it_ends() {
    let (sender, mut receiver) = mpsc::channel(2);
    produce(stream::iter(["a", "b"]), sender).await.unwrap();
    assert_eq!(receiver.recv().await, Some("a"));
    assert_eq!(receiver.recv().await, Some("b"));
    assert_eq!(receiver.recv().await, None);
}

#[test]
fn nothing_is_sent_to_tell_the_consumers_and_all_of_them_end() {
    let sources = [paced(ms(30), 1..=3), paced(ms(47), 4..=6)];
    let (results, recording) = record(Clock::Virtual, run(mpsc::channel(2), sources, 4, work));
    assert_eq!(sorted(results.unwrap()), [1, 2, 3, 4, 5, 6]);
    assert_eq!(recording.never_ended(), [""; 0]);
}

#[tokio::test]
async fn a_producer_that_panics_ends_the_queue_too() {
    let (sender, mut receiver) = mpsc::channel(2);
    let broken = tokio::spawn(produce(stream::iter([1, 0]).map(|divisor| 6 / divisor), sender));
    assert_eq!(receiver.recv().await, Some(6));
    assert_eq!(receiver.recv().await, None);
    assert!(broken.await.unwrap_err().is_panic());
}

#[test]
fn a_panic_of_a_producer_is_an_error_of_the_run() {
    let source = stream::iter([1, 0]).map(|divisor| 6 / divisor);
    let (ended, _) = record(Clock::Virtual, run(mpsc::channel(2), [source], 2, work));
    assert!(ended.unwrap_err().is_panic());
}

#[test]
fn a_forgotten_clone_is_a_diagnosis_and_not_a_hang() {
    let (stuck, recording) = record(Clock::Virtual, async {
        let (sender, receiver) = mpsc::channel(2);
        let queue = sender.downgrade();
        let run = naive::run_forgetful((sender, receiver), [stream::iter(1..=3)], 2, work);
        ended_within(MINUTE, queue, run).await.unwrap_err()
    });
    assert_eq!(stuck, Stuck { senders: 1, queued: 0 });
    assert!(stuck.to_string().ends_with("did somebody forget a clone?"));
    assert_eq!(recording.finish_order(), ["producer 1"]);
    assert_eq!(waiting(&recording), [("consumer 1", 200_000), ("consumer 2", 100_000)]);
}

#[test]
fn a_queue_that_ends_in_time_is_no_diagnosis() {
    let (results, _) = record(Clock::Virtual, async {
        let (sender, receiver) = mpsc::channel(2);
        let queue = sender.downgrade();
        ended_within(MINUTE, queue, run((sender, receiver), [stream::iter(1..=3)], 1, work)).await
    });
    assert_eq!(results.unwrap().unwrap(), [1, 2, 3]);
}

#[test]
fn with_as_many_producers_as_consumers_sentinels_happen_to_work() {
    let (results, _) = with_sentinels(2, 2);
    assert_eq!(results.map(sorted), Ok(vec![11, 12, 13, 21, 22, 23]));
}

#[test]
fn with_fewer_consumers_than_producers_sentinels_lose_items() {
    let (results, recording) = with_sentinels(2, 1);
    assert_eq!(results.map(sorted), Ok(vec![11, 12, 13, 21, 22]));
    assert_eq!(recording.finish_order(), ["producer 1", "producer 2", "consumer 1"]);
}

#[test]
fn nine_sentinels_for_one_consumer_lose_4_of_36_items() {
    let flags = "--naive --mistake 3 --producers 9 --consumers 1 --fast --seed 1";
    let story = Command::new(env!("CARGO_BIN_EXE_producer-consumer")).args(flags.split(' ')).output().unwrap();
    let told = String::from_utf8(story.stdout).unwrap();
    assert!(told.contains("32 of 36 items done"), "{told}");
}

#[test]
fn with_more_consumers_than_producers_sentinels_leave_one_waiting_for_ever() {
    let (results, recording) = with_sentinels(2, 3);
    assert_eq!(results, Err(Stuck { senders: 1, queued: 0 }));
    assert_eq!(waiting(&recording).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_producer_that_panics_sends_no_sentinel() {
    let source = stream::iter([1, 0]).map(|divisor| 6 / divisor);
    let (sender, receiver) = mpsc::channel(2);
    let queue = sender.downgrade();
    let stuck = ended_within(MINUTE, queue, naive::run_with_sentinels((sender, receiver), [source], 1, work)).await;
    assert_eq!(stuck.unwrap_err(), Stuck { senders: 1, queued: 0 });
}

/// The results of two producers, three items each, and what happened within a minute.
fn with_sentinels(producers: usize, consumers: usize) -> (Result<Vec<u32>, Stuck>, Recording) {
    let sources = [paced(ms(30), 11..=13), paced(ms(47), 21..=23)].into_iter().take(producers);
    record(Clock::Virtual, async {
        let (sender, receiver) = mpsc::channel(2);
        let queue = sender.downgrade();
        let run = naive::run_with_sentinels((sender, receiver), sources, consumers, work);
        ended_within(MINUTE, queue, run).await.map(Result::unwrap)
    })
}

/// Who waits, and since when.
fn waiting(recording: &Recording) -> Vec<(&str, u64)> {
    recording.waiting().into_iter().map(|(lane, since)| (lane.name.as_str(), since)).collect()
}
