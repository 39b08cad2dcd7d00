//! Reading the length without keeping the queue open.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use producer_consumer::{naive, run, watch_length};
use timeline::{Clock, LaneExt, Recording, record};
use tokio::sync::mpsc::{self, Sender};
use tokio::time::timeout;

use super::{ms, paced, work};

/// One producer, one consumer, and a monitor that looks every 47 ms: the lengths seen, and what happened within a minute.
fn monitored<F: Future<Output = ()>>(
    watch: impl FnOnce(&Sender<u32>, Box<dyn FnMut(usize)>) -> F,
) -> (Vec<usize>, Recording) {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let writer = Rc::clone(&seen);
    let ((), recording) = record(Clock::Virtual, async {
        let (sender, receiver) = mpsc::channel(2);
        let monitor = watch(&sender, Box::new(move |length| writer.borrow_mut().push(length))).lane("monitor");
        let run = run((sender, receiver), [paced(ms(30), 1..=6)], 1, work);
        let _ended = timeout(Duration::from_mins(1), async { tokio::join!(monitor, run) }).await;
    });
    (seen.take(), recording)
}

#[tokio::test]
async fn the_receiver_tells_the_length() {
    let (sender, receiver) = mpsc::channel(2);
    assert_eq!(receiver.len(), 0);
    sender.send(1).await.unwrap();
    assert_eq!(receiver.len(), 1);
}

#[test]
fn a_weak_sender_tells_the_length_and_lets_the_consumers_end() {
    let (seen, recording) = monitored(|queue, seen| watch_length(queue, ms(47), seen));
    assert_eq!(seen, [0, 0, 2, 2, 2, 2, 2, 2]);
    assert_eq!(recording.finish_order(), ["producer 1", "monitor", "consumer 1"]);
}

#[test]
fn a_monitor_that_holds_a_sender_keeps_the_consumers_waiting_for_ever() {
    let (_, recording) = monitored(|queue, seen| naive::watch_length(queue, ms(47), seen));
    assert_eq!(recording.finish_order(), ["producer 1"]);
    assert_eq!(recording.waiting()[0].0.name, "consumer 1");
}

#[tokio::test]
async fn a_reserved_place_counts_for_the_senders_and_not_for_the_receiver() {
    let (sender, receiver) = mpsc::channel::<u32>(3);
    let _place = sender.reserve().await.unwrap();
    assert_eq!(sender.max_capacity() - sender.capacity(), 1);
    assert_eq!(receiver.len(), 0);
}
