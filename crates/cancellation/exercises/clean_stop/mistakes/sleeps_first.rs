//! "First a pause, then a reading": the first reading comes ten seconds late, and a short run reads nothing.
//!
//! Caught by: reads immediately, and then every ten seconds

use std::time::Duration;

use exam::Service;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let mut readings = Vec::new();
    loop {
        tokio::select! {
            () = token.cancelled() => break,
            () = sleep(EVERY) => readings.extend(token.run_until_cancelled(read.ask()).await.into_iter().flatten()),
        }
    }
    timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await.is_ok_and(|result| result.is_ok())
}
