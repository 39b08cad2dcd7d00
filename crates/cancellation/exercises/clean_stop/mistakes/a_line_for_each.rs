//! "I put each reading on a line of its own": the task asks for one space between two.
//!
//! Caught by: stores the readings before it returns

use exam::Service;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};
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
    let _stopped: Option<()> = token.run_until_cancelled(reading).await;
    let stored = timeout(TIME_TO_STORE, store.call(&readings.join("\n"))).await;
    stored.is_ok_and(|result| result.is_ok())
}
