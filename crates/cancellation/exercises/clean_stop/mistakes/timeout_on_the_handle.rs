//! "The timeout ends it": it ends the wait for the handle, and the task still stores.
//!
//! Caught by: gives up the store after two seconds

use std::time::Duration;

use exam::Service;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let mut readings = Vec::new();
    while let Some(reading) = token.run_until_cancelled(read.ask()).await {
        readings.extend(reading);
        token.run_until_cancelled(sleep(EVERY)).await;
    }
    let storing = tokio::spawn(store.call(&readings.join(" ")));
    matches!(timeout(TIME_TO_STORE, storing).await, Ok(Ok(Ok(_))))
}
