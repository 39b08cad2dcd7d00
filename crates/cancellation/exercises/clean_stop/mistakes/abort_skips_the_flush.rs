//! "An abort stops it cleanly": the task is dropped in its pause, and the store after the loop never runs.
//!
//! Caught by: stores the readings before it returns

use std::time::Duration;

use exam::Service;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let stopping = token.clone();
    let mut worker = tokio::spawn(async move {
        let mut readings = Vec::new();
        while !stopping.is_cancelled() {
            if let Ok(reading) = read.ask().await {
                readings.push(reading);
            }
            sleep(EVERY).await;
        }
        timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await.is_ok_and(|result| result.is_ok())
    });
    tokio::select! {
        stored = &mut worker => stored.unwrap_or(false),
        () = token.cancelled() => {
            worker.abort();
            worker.await.unwrap_or(false)
        }
    }
}
