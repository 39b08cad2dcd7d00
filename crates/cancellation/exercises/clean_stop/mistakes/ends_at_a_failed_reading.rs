//! "`while let Ok` reads until the stop": it ends at the first reading that fails.
//!
//! Caught by: goes on after a reading that fails

use std::time::Duration;

use exam::Service;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let mut readings = Vec::new();
    while let Some(Ok(reading)) = token.run_until_cancelled(read.ask()).await {
        readings.push(reading);
        token.run_until_cancelled(sleep(EVERY)).await;
    }
    timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await.is_ok_and(|result| result.is_ok())
}
