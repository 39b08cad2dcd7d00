//! "Only the pause is long": the token ends the pause, but the worker waits for a slow reading.
//!
//! Caught by: stops immediately in the middle of a reading

use std::time::Duration;

use exam::Service;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let mut readings = Vec::new();
    loop {
        if let Ok(reading) = read.ask().await {
            readings.push(reading);
        }
        tokio::select! {
            () = token.cancelled() => break,
            () = sleep(EVERY) => {}
        }
    }
    timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await.is_ok_and(|result| result.is_ok())
}
