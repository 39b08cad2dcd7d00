//! "After twenty failures in a row the meter is broken": only the token ends the readings.
//!
//! Caught by: keeps every reading of a long run

use std::time::Duration;

use exam::Service;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

async fn stored(store: Service, readings: Vec<String>) -> bool {
    timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await.is_ok_and(|r| r.is_ok())
}

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let mut readings = Vec::new();
    let reading = async {
        let mut bad = 0;
        while bad < 20 {
            match read.ask().await {
                Ok(r) => {
                    bad = 0;
                    readings.push(r)
                }
                Err(_) => bad += 1,
            }
            sleep(EVERY).await;
        }
    };
    let _ = token.run_until_cancelled(reading).await;
    token.cancelled().await;
    stored(store, readings).await
}
