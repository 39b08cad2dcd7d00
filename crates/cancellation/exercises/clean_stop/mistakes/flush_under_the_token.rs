//! "Everything must obey the token": the store does, too, and the token is already cancelled.
//!
//! Caught by: stores the readings before it returns

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
    let storing = timeout(TIME_TO_STORE, store.call(&readings.join(" ")));
    token.run_until_cancelled(storing).await.is_some_and(|in_time| in_time.is_ok_and(|result| result.is_ok()))
}
