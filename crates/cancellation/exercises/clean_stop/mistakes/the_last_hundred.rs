//! "I must limit the memory, so I keep the last hundred": the task wants every reading.
//!
//! Caught by: keeps every reading of a long run

use std::collections::VecDeque;
use std::time::Duration;

use exam::Service;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let mut readings = VecDeque::new();
    let reading = async {
        loop {
            if let Ok(reading) = read.ask().await {
                if readings.len() == 100 {
                    readings.pop_front();
                }
                readings.push_back(reading);
            }
            sleep(EVERY).await;
        }
    };
    token.run_until_cancelled(reading).await;
    let readings: Vec<_> = readings.into();
    let stored = timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await;
    stored.is_ok_and(|result| result.is_ok())
}
