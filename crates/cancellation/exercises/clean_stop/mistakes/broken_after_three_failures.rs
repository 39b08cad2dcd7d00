//! "After three failures in a row the meter is broken": it was busy for a moment.
//!
//! Caught by: keeps every reading of a long time

use std::time::Duration;

use exam::Service;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let mut readings = Vec::new();
    let reading = async {
        let mut failures = 0;
        while failures < 3 {
            match read.ask().await {
                Ok(reading) => {
                    failures = 0;
                    readings.push(reading);
                }
                Err(_) => failures += 1,
            }
            sleep(EVERY).await;
        }
    };
    token.run_until_cancelled(reading).await;
    token.cancelled().await;
    let stored = timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await;
    stored.is_ok_and(|result| result.is_ok())
}
