//! What becomes of an item that cannot be sent, and of one that was.

use futures::stream;
use producer_consumer::produce;
use tokio::sync::mpsc::error::{SendError, SendTimeoutError, TrySendError};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};

use super::{ms, paced};

#[tokio::test]
async fn a_failed_send_hands_the_item_back() {
    let (sender, receiver) = mpsc::channel(1);
    drop(receiver);
    assert_eq!(sender.send("a").await, Err(SendError("a")));
}

#[tokio::test]
async fn a_full_queue_hands_the_item_of_try_send_back() {
    let (sender, _receiver) = mpsc::channel(1);
    sender.try_send("a").unwrap();
    assert_eq!(sender.try_send("b"), Err(TrySendError::Full("b")));
}

#[tokio::test(start_paused = true)]
async fn send_timeout_hands_the_item_back() {
    let (sender, _receiver) = mpsc::channel(1);
    sender.try_send("a").unwrap();
    assert_eq!(sender.send_timeout("b", ms(100)).await, Err(SendTimeoutError::Timeout("b")));
}

#[tokio::test(start_paused = true)]
async fn a_producer_ends_with_its_item_when_the_last_receiver_is_gone() {
    let (sender, receiver) = mpsc::channel(1);
    let mut items = Box::pin(paced(ms(30), 1..=9));
    let (sent, ()) = tokio::join!(produce(items.as_mut(), sender), async {
        sleep(ms(100)).await;
        drop(receiver);
    });
    assert_eq!(sent, Err(SendError(2)));
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_send_loses_its_item() {
    let (sender, mut receiver) = mpsc::channel(1);
    sender.send("a").await.unwrap();
    timeout(ms(100), sender.send("b")).await.unwrap_err();
    drop(sender);
    assert_eq!(receiver.recv().await, Some("a"));
    assert_eq!(receiver.recv().await, None);
}

#[tokio::test(start_paused = true)]
async fn waiting_for_the_place_first_loses_nothing() {
    let (sender, mut receiver) = mpsc::channel(1);
    let item = "b";
    sender.send("a").await.unwrap();
    assert!(timeout(ms(100), sender.reserve()).await.is_err());
    assert_eq!(receiver.recv().await, Some("a"));
    sender.reserve().await.unwrap().send(item);
    assert_eq!(receiver.recv().await, Some("b"));
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_recv_loses_nothing() {
    let (sender, mut receiver) = mpsc::channel(1);
    timeout(ms(100), receiver.recv()).await.unwrap_err();
    sender.send("a").await.unwrap();
    assert_eq!(receiver.recv().await, Some("a"));
}

#[tokio::test]
async fn a_send_that_succeeds_does_not_mean_that_anybody_receives_the_item() {
    let (answer, answered) = oneshot::channel::<u32>();
    let (sender, receiver) = mpsc::channel(1);
    assert!(sender.send(answer).await.is_ok());
    drop(receiver);
    answered.await.unwrap_err();
}

#[tokio::test]
async fn a_closed_receiver_refuses_what_is_new_and_delivers_what_was_sent() {
    let (sender, mut receiver) = mpsc::channel(2);
    produce(stream::iter(["a", "b"]), sender.clone()).await.unwrap();
    receiver.close();
    assert_eq!(sender.send("c").await, Err(SendError("c")));
    assert_eq!(receiver.recv().await, Some("a"));
    assert_eq!(receiver.recv().await, Some("b"));
    assert_eq!(receiver.recv().await, None);
}
