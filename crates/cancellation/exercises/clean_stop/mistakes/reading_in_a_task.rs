//! "If I stop waiting for it, it ends": the reading is a task of its own, and a dropped handle detaches it.
//!
//! Caught by: stops immediately in the middle of a reading

use std::time::Duration;

use exam::Service;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let mut readings = Vec::new();
    while let Some(reading) = token.run_until_cancelled(tokio::spawn(read.ask())).await {
        readings.extend(reading.into_iter().flatten());
        token.run_until_cancelled(sleep(EVERY)).await;
    }
    timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await.is_ok_and(|result| result.is_ok())
}
