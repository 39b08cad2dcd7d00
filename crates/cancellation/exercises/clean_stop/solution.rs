//! One good answer.

use std::time::Duration;

use exam::Service;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// From one reading to the next.
const EVERY: Duration = Duration::from_secs(10);

/// How long the store may take.
const TIME_TO_STORE: Duration = Duration::from_secs(2);

/// Reads the meter until the token is cancelled, stores the readings, and returns whether the store succeeded.
pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    // Outside the future that the cancellation drops.
    let mut readings = Vec::new();
    let reading = async {
        loop {
            if let Ok(reading) = read.ask().await {
                readings.push(reading);
            }
            sleep(EVERY).await;
        }
    };
    let _stopped: Option<()> = token.run_until_cancelled(reading).await;
    let stored = timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await;
    stored.is_ok_and(|result| result.is_ok())
}
