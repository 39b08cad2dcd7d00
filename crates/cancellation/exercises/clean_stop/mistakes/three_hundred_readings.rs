//! "Three hundred readings are enough": the task wants every reading.
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
        loop {
            if let Ok(r) = read.ask().await {
                if readings.len() < 300 {
                    readings.push(r);
                }
            }
            sleep(EVERY).await;
        }
    };
    let _: Option<()> = token.run_until_cancelled(reading).await;
    stored(store, readings).await
}
