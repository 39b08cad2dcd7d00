//! "It only takes a moment": the store has no time limit, and a store that does not answer keeps the program alive.
//!
//! Caught by: gives up the store after two seconds

use std::time::Duration;

use exam::Service;
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let mut readings = Vec::new();
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            () = token.cancelled() => break,
            _ = ticks.tick() => {
                if let Some(Ok(reading)) = token.run_until_cancelled(read.ask()).await {
                    readings.push(reading);
                }
            }
        }
    }
    store.call(&readings.join(" ")).await.is_ok()
}
