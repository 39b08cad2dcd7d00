//! "A space, unless the text is still empty": the first reading was empty, and it is lost.
//!
//! Caught by: keeps every reading of a long run

use std::time::Duration;

use exam::Service;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// From one reading to the next.
const EVERY: Duration = Duration::from_secs(10);

/// How long the storing may take.
const TIME_TO_STORE: Duration = Duration::from_secs(2);

/// Reads the meter until the token is cancelled, stores what was read, and returns whether that succeeded.
pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    // Outside of what the cancellation drops.
    let mut readings = String::new();
    let reading = async {
        loop {
            if let Ok(reading) = read.ask().await {
                if !readings.is_empty() {
                    readings.push(' ');
                }
                readings.push_str(&reading);
            }
            sleep(EVERY).await;
        }
    };
    let _stopped: Option<()> = token.run_until_cancelled(reading).await;
    let stored = timeout(TIME_TO_STORE, store.call(&readings)).await;
    stored.is_ok_and(|result| result.is_ok())
}
