//! "An `interval` keeps the time": after a slow reading, it catches up on every missed tick.
//!
//! Caught by: keeps every reading of a long run

use std::time::Duration;

use exam::Service;
use tokio::time::{interval, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let mut readings = Vec::new();
    let mut tick = interval(EVERY);
    let reading = async {
        loop {
            tick.tick().await;
            if let Ok(reading) = read.ask().await {
                readings.push(reading);
            }
        }
    };
    token.run_until_cancelled(reading).await;
    let stored = timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await;
    stored.is_ok_and(|result| result.is_ok())
}
