//! "`Drop` is the `finally` of Rust": it cannot await, so it spawns the store, and the worker does not wait for it.
//!
//! Caught by: stores the readings before it returns

use std::time::Duration;

use exam::Service;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

struct Readings {
    kept: Vec<String>,
    store: Service,
}

impl Drop for Readings {
    fn drop(&mut self) {
        tokio::spawn(timeout(TIME_TO_STORE, self.store.call(&self.kept.join(" "))));
    }
}

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let mut readings = Readings { kept: Vec::new(), store };
    let reading = async {
        loop {
            if let Ok(reading) = read.ask().await {
                readings.kept.push(reading);
            }
            sleep(EVERY).await;
        }
    };
    let stopped: Option<()> = token.run_until_cancelled(reading).await;
    stopped.is_none()
}
