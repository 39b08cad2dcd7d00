//! "The store matters, so I try again while there is time": the task asks for one try.
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
    let reading = async {
        loop {
            if let Ok(reading) = read.ask().await {
                readings.push(reading);
            }
            sleep(EVERY).await;
        }
    };
    token.run_until_cancelled(reading).await;
    let text = readings.join(" ");
    let storing = async {
        while store.call(&text).await.is_err() {
            sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(TIME_TO_STORE, storing).await.is_ok()
}
