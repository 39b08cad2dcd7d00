//! "The loop keeps the readings": they are dropped with the loop.
//!
//! Caught by: stores the readings before it returns

use std::time::Duration;

use exam::Service;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let work = async {
        let mut readings = Vec::new();
        while !token.is_cancelled() {
            if let Ok(reading) = read.ask().await {
                readings.push(reading);
            }
            sleep(EVERY).await;
        }
        readings
    };
    let readings = token.run_until_cancelled(work).await.unwrap_or_default();
    timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await.is_ok_and(|result| result.is_ok())
}
