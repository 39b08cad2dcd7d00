//! At the same instant.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_future_that_is_itself_ready_wins() {
    assert_eq!(timeout(ms(50), sleep(ms(50))).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_future_that_is_itself_ready_wins_however_late() {
    let mut waiting = pin!(timeout(ms(50), sleep(ms(80))));
    assert!(futures::poll!(&mut waiting).is_pending());
    advance(ms(500)).await;
    assert_eq!(waiting.await, Ok(()));
}

/// After 50 ms one task sends and another's timeout is over; the timers are started in this order.
async fn send_and_time_out(sender_first: bool) -> Result<bool, JoinError> {
    let (sender, receiver) = oneshot::channel();
    let send = async move {
        sleep(ms(50)).await;
        let _ = sender.send(());
    };
    let receive = timeout_at(Instant::now() + ms(50), receiver);
    let receiving = if sender_first {
        tokio::spawn(send);
        tokio::spawn(receive)
    } else {
        let receiving = tokio::spawn(receive);
        tokio::spawn(send);
        receiving
    };
    Ok(receiving.await?.is_ok())
}

#[tokio::test(start_paused = true)]
async fn a_value_from_another_task_loses_to_a_timeout_that_is_polled_first() {
    assert!(!send_and_time_out(false).await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_value_from_another_task_wins_when_that_task_is_polled_first() {
    assert!(send_and_time_out(true).await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_value_from_another_task_loses_to_the_future_given_to_block_on() {
    let (sender, receiver) = oneshot::channel();
    tokio::spawn(async move {
        sleep(ms(50)).await;
        let _ = sender.send(());
    });
    yield_now().await;
    // The sender's timer was started first, but block_on looks at its own future before any task.
    assert!(timeout(ms(50), receiver).await.is_err());
}
