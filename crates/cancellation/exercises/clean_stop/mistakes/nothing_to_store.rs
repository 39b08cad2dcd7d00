//! "There are no readings, so there is nothing to store": the task asks for the empty text.
//!
//! Caught by: stores the empty text when nothing was read

use std::time::Duration;

use exam::Service;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let mut readings = Vec::new();
    let reading = async {
        loop {
            if let Ok(reading) = read.ask().await {
                readings.push(reading);
            }
            sleep(EVERY).await;
        }
    };
    token.run_until_cancelled(reading).await;
    if readings.is_empty() {
        return true;
    }
    let stored = timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await;
    stored.is_ok_and(|result| result.is_ok())
}
