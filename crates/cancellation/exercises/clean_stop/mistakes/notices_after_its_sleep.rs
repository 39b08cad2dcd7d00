//! "I check the token in every turn": a turn takes ten seconds.
//!
//! Caught by: stops immediately in a pause

use std::time::Duration;

use exam::Service;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let mut readings = Vec::new();
    while !token.is_cancelled() {
        if let Ok(reading) = read.ask().await {
            readings.push(reading);
        }
        sleep(EVERY).await;
    }
    timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await.is_ok_and(|result| result.is_ok())
}
