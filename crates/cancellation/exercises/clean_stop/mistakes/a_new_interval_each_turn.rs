//! "`interval(EVERY).tick()` waits ten seconds": the first tick of an interval comes immediately, and here every tick is the first.
//!
//! Caught by: reads immediately, and then every ten seconds

use std::time::Duration;

use exam::Service;
use tokio::time::{interval, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let mut readings = Vec::new();
    while token.run_until_cancelled(interval(EVERY).tick()).await.is_some() {
        readings.extend(token.run_until_cancelled(read.ask()).await.into_iter().flatten());
    }
    timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await.is_ok_and(|result| result.is_ok())
}
