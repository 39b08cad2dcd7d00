//! "`timeout` is `Ok`, so it is stored": it was only in time, and the failure is one layer further in.
//!
//! Caught by: returns `false` when the store fails

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
    timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await.is_ok()
}
