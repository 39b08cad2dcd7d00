//! "A task reads, and a channel keeps the readings": when the channel is full, the task stops reading.
//!
//! Caught by: keeps every reading of a long run

use std::time::Duration;

use exam::Service;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let (sender, mut receiver) = mpsc::channel(64);
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        loop {
            if let Ok(reading) = read.ask().await
                && sender.send(reading).await.is_err()
            {
                break;
            }
            sleep(EVERY).await;
        }
    });
    token.cancelled().await;
    tasks.shutdown().await;
    let mut readings: Vec<String> = Vec::new();
    while let Ok(reading) = receiver.try_recv() {
        readings.push(reading);
    }
    let stored = timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await;
    stored.is_ok_and(|result| result.is_ok())
}
