//! What becomes of an item that cannot be sent, and of one that was.

use std::sync::Arc;

use futures::stream;
use producer_consumer::{consume, produce};
use room::everywhere;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::mpsc::error::{SendError, SendTimeoutError, TrySendError};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::time::timeout;

use super::{ms, paced};

#[test]
fn a_failed_send_returns_the_item() {
    everywhere(|world| {
        world.run(async {
            let (sender, receiver) = mpsc::channel(1);
            drop(receiver);
            assert_eq!(sender.send("a").await, Err(SendError("a")));
        });
    });
}

#[test]
fn try_send_to_a_full_queue_returns_the_item() {
    everywhere(|world| {
        world.run(async {
            let (sender, _receiver) = mpsc::channel(1);
            sender.try_send("a").unwrap();
            assert_eq!(sender.try_send("b"), Err(TrySendError::Full("b")));
        });
    });
}

#[test]
fn send_timeout_returns_the_item_when_the_time_is_over() {
    everywhere(|world| {
        world.run(async {
            let (sender, _receiver) = mpsc::channel(1);
            sender.try_send("a").unwrap();
            assert_eq!(sender.send_timeout("b", ms(20)).await, Err(SendTimeoutError::Timeout("b")));
        });
    });
}

#[test]
fn a_producer_ends_with_its_item_when_the_last_receiver_is_gone() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = mpsc::channel(1);
            let (sent, first) = tokio::join!(produce(paced(ms(1), 1..=9), sender), async {
                let first = receiver.recv().await;
                drop(receiver);
                first
            });
            assert_eq!((first, sent), (Some(1), Err(SendError(2))));
        });
    });
}

#[test]
fn a_cancelled_send_loses_its_item() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = mpsc::channel(1);
            sender.send("a").await.unwrap();
            timeout(ms(20), sender.send("b")).await.unwrap_err();
            drop(sender);
            assert_eq!(receiver.recv().await, Some("a"));
            assert_eq!(receiver.recv().await, None);
        });
    });
}

#[test]
fn reserving_a_place_before_sending_loses_nothing() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = mpsc::channel(1);
            let item = "b";
            sender.send("a").await.unwrap();
            assert!(timeout(ms(20), sender.reserve()).await.is_err());
            assert_eq!(receiver.recv().await, Some("a"));
            sender.reserve().await.unwrap().send(item);
            assert_eq!(receiver.recv().await, Some("b"));
        });
    });
}

#[test]
fn a_cancelled_recv_loses_nothing() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = mpsc::channel(1);
            timeout(ms(20), receiver.recv()).await.unwrap_err();
            sender.send("a").await.unwrap();
            assert_eq!(receiver.recv().await, Some("a"));
        });
    });
}

#[test]
fn a_send_that_succeeds_does_not_mean_that_anybody_receives_the_item() {
    everywhere(|world| {
        world.run(async {
            let (answer, answered) = oneshot::channel::<u32>();
            let (sender, receiver) = mpsc::channel(1);
            assert!(sender.send(answer).await.is_ok());
            drop(receiver);
            answered.await.unwrap_err();
        });
    });
}

#[test]
fn a_closed_receiver_refuses_new_items_and_delivers_the_old_ones() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = mpsc::channel(2);
            produce(stream::iter(["a", "b"]), sender.clone()).await.unwrap();
            receiver.close();
            assert_eq!(sender.send("c").await, Err(SendError("c")));
            assert_eq!(receiver.recv().await, Some("a"));
            assert_eq!(receiver.recv().await, Some("b"));
            assert_eq!(receiver.recv().await, None);
        });
    });
}

#[test]
fn a_receiver_that_is_only_held_keeps_a_producer_waiting_for_ever() {
    everywhere(|world| {
        world.run(async {
            let (sender, receiver) = mpsc::channel(1);
            let shared = Arc::new(Mutex::new(receiver));
            let consumer = tokio::spawn(consume(Arc::clone(&shared), async |_item| panic!("broken")));
            sender.send("a").await.unwrap();
            assert!(consumer.await.unwrap_err().is_panic());
            sender.send("b").await.unwrap();
            timeout(ms(20), sender.send("c")).await.unwrap_err();
            drop(shared);
            assert_eq!(sender.send("c").await, Err(SendError("c")));
        });
    });
}

#[test]
fn a_slow_receiver_of_a_broadcast_loses_items_and_is_told_how_many() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = broadcast::channel(2);
            for item in 1..=5 {
                sender.send(item).unwrap(); // No `await`: a broadcast never waits for a receiver.
            }
            assert_eq!(receiver.recv().await, Err(RecvError::Lagged(3)));
            assert_eq!(receiver.recv().await, Ok(4));
        });
    });
}
