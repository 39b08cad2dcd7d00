//! "Nothing was read, so nothing can be lost": the store has failed.
//!
//! Caught by: returns `false` when the store fails

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
                readings.push(r);
            }
            sleep(EVERY).await;
        }
    };
    let _: Option<()> = token.run_until_cancelled(reading).await;
    let nothing = readings.is_empty();
    stored(store, readings).await || nothing
}
