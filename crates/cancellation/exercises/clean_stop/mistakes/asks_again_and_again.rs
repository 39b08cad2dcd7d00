//! "Ten checks a second are fast enough": it wakes up for nothing all the time, and is still late.
//!
//! Caught by: stops immediately in a pause

use std::time::Duration;

use exam::Service;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let mut readings = Vec::new();
    while let Some(reading) = token.run_until_cancelled(read.ask()).await {
        readings.extend(reading);
        let next = Instant::now() + EVERY;
        while Instant::now() < next && !token.is_cancelled() {
            sleep(Duration::from_millis(100)).await;
        }
    }
    timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await.is_ok_and(|result| result.is_ok())
}
