//! How consumers learn that nothing more comes.

use std::process::Command;
use std::time::Duration;

use futures::{StreamExt, stream};
use producer_consumer::{Stuck, ended_within, naive, produce, run};
use room::{World, everywhere};
use timeline::Recording;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use super::{WORK, ms, paced, sorted, work};

/// Longer than any work here takes.
const LIMIT: Duration = ms(200);

#[test]
fn a_queue_ends_when_its_last_sender_is_dropped() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = mpsc::channel::<u32>(1);
            let other = sender.clone();
            drop(sender);
            timeout(ms(20), receiver.recv()).await.unwrap_err();
            drop(other);
            assert_eq!(receiver.recv().await, None);
        });
    });
}

#[test]
fn what_is_in_the_queue_is_received_before_it_ends() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = mpsc::channel(2);
            produce(stream::iter(["a", "b"]), sender).await.unwrap();
            assert_eq!(receiver.recv().await, Some("a"));
            assert_eq!(receiver.recv().await, Some("b"));
            assert_eq!(receiver.recv().await, None);
        });
    });
}

#[test]
fn nothing_is_sent_to_tell_the_consumers_and_all_of_them_end() {
    everywhere(|world| {
        let sources = [paced(ms(3), 1..=3), paced(ms(5), 4..=6)];
        let (results, recording) = world.record(run(mpsc::channel(2), sources, 4, work));
        assert_eq!(sorted(results.unwrap()), [1, 2, 3, 4, 5, 6]);
        assert_eq!(recording.never_ended(), [""; 0]);
        assert_eq!(recording.cancelled(), [""; 0]);
    });
}

#[test]
fn a_producer_that_panics_ends_the_queue_too() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = mpsc::channel(2);
            let broken = tokio::spawn(produce(super::broken(), sender));
            assert_eq!(receiver.recv().await, Some(6));
            assert_eq!(receiver.recv().await, None);
            assert!(broken.await.unwrap_err().is_panic());
        });
    });
}

#[test]
fn a_panic_of_a_producer_is_an_error_of_the_run() {
    everywhere(|world| {
        let ended = world.run(run(mpsc::channel(2), [super::broken()], 2, work));
        assert!(ended.unwrap_err().is_panic());
    });
}

#[test]
fn a_panic_of_a_producer_ends_the_run_while_another_producer_goes_on() {
    everywhere(|world| {
        let endless = stream::iter(1..).then(|item| async move {
            sleep(ms(1)).await;
            item
        });
        let sources = [endless.boxed(), super::broken().boxed()];
        // A run that looked at its producers last would never return.
        let (ended, recording) = world.record(async {
            let ended = run(mpsc::channel(2), sources, 2, work).await;
            sleep(ms(5)).await; // An aborted task is dropped when its runtime comes round to it.
            ended
        });
        assert!(ended.unwrap_err().is_panic());
        // On several workers, the panic can come before the first poll of producer 1. Then producer 1 never starts.
        assert!(!recording.finish_order().contains(&"producer 1"));
        assert_eq!(recording.never_ended(), [""; 0]);
    });
}

#[test]
fn a_forgotten_clone_is_a_diagnosis_and_not_a_hang() {
    everywhere(|world| {
        let (stuck, recording) = world.record(async {
            let (sender, receiver) = mpsc::channel(2);
            let queue = sender.downgrade();
            let run = naive::run_forgetful((sender, receiver), [stream::iter(1..=3)], 2, work);
            ended_within(LIMIT, queue, run).await.unwrap_err()
        });
        assert_eq!(stuck, Stuck { senders: 1, queued: Some(0) });
        assert!(stuck.to_string().ends_with("items in it: 0, senders alive: 1; did somebody forget a clone?"));
        assert_eq!(recording.finish_order(), ["producer 1"]);
    });
}

#[test]
fn items_that_nobody_receives_are_counted_in_the_diagnosis() {
    everywhere(|world| {
        world.run(async {
            let (sender, _receiver) = mpsc::channel(4);
            sender.send("a").await.unwrap();
            sender.send("b").await.unwrap();
            let closed = ended_within(ms(20), sender.downgrade(), sender.closed()).await;
            let stuck = closed.unwrap_err();
            assert_eq!(stuck, Stuck { senders: 1, queued: Some(2) });
            assert!(stuck.to_string().ends_with("items in it: 2, senders alive: 1; does a consumer still receive?"));
        });
    });
}

#[test]
fn without_a_sender_the_diagnosis_names_the_consumers_and_counts_no_items() {
    everywhere(|world| {
        world.run(async {
            let (sender, receiver) = mpsc::channel(4);
            let queue = sender.downgrade();
            sender.send("a").await.unwrap();
            drop(sender);
            let slow = async {
                std::future::pending::<()>().await;
                drop(receiver);
            };
            let stuck = ended_within(ms(20), queue, slow).await.unwrap_err();
            assert_eq!(stuck, Stuck { senders: 0, queued: None });
            assert!(
                stuck
                    .to_string()
                    .ends_with("no sender is alive; is a consumer slow, or does it wait for something else?")
            );
        });
    });
}

#[test]
fn a_queue_that_ends_in_time_is_no_diagnosis() {
    everywhere(|world| {
        let results = world.run(async {
            let (sender, receiver) = mpsc::channel(2);
            let queue = sender.downgrade();
            ended_within(LIMIT, queue, run((sender, receiver), [stream::iter(1..=3)], 1, work)).await
        });
        assert_eq!(results.unwrap().unwrap(), [1, 2, 3]);
    });
}

#[test]
fn with_as_many_producers_as_consumers_sentinels_happen_to_work() {
    everywhere(|world| {
        let (results, _) = with_sentinels(world, 2, 2);
        assert_eq!(results.map(sorted), Ok(vec![11, 12, 13, 21, 22, 23]));
    });
}

#[test]
fn with_fewer_consumers_than_producers_sentinels_lose_items() {
    everywhere(|world| {
        let (results, recording) = with_sentinels(world, 2, 1);
        // What the second producer has sent is behind the sentinel of the first one.
        assert_eq!(results.map(sorted), Ok(vec![11, 12, 13]));
        assert_eq!(recording.finish_order(), ["producer 1", "producer 2", "consumer 1"]);
    });
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
    everywhere(|world| {
        let (results, recording) = with_sentinels(world, 2, 3);
        assert_eq!(results, Err(Stuck { senders: 1, queued: Some(0) }));
        let ended = recording.finish_order();
        assert_eq!(ended.iter().filter(|name| name.starts_with("consumer")).count(), 2);
    });
}

#[test]
fn a_producer_that_panics_sends_no_sentinel() {
    everywhere(|world| {
        let stuck = world.run(async {
            let (sender, receiver) = mpsc::channel(2);
            let queue = sender.downgrade();
            let run = naive::run_with_sentinels((sender, receiver), [super::broken()], 1, work);
            ended_within(LIMIT, queue, run).await
        });
        assert_eq!(stuck.unwrap_err(), Stuck { senders: 1, queued: Some(0) });
    });
}

/// The results of one or two producers with three items each, and what happened within the limit.
///
/// The first producer makes its items at once, the second one while the first of them is worked on; there is room for all.
fn with_sentinels(world: World, producers: usize, consumers: usize) -> (Result<Vec<u32>, Stuck>, Recording) {
    let sources = [stream::iter(11..=13).boxed(), paced(WORK / 4, 21..=23).boxed()].into_iter().take(producers);
    world.record(async {
        let (sender, receiver) = mpsc::channel(9);
        let queue = sender.downgrade();
        let run = naive::run_with_sentinels((sender, receiver), sources, consumers, work);
        ended_within(LIMIT, queue, run).await.map(Result::unwrap)
    })
}
