//! "I spawn a task every ten seconds, so a slow reading delays nothing": slow readings pile up.
//!
//! Caught by: keeps every reading of a long run

use std::time::Duration;

use exam::Service;
use tokio::task::JoinSet;
use tokio::time::{interval, timeout};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(10);
const TIME_TO_STORE: Duration = Duration::from_secs(2);

pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    let mut readings: Vec<String> = Vec::new();
    let mut tasks = JoinSet::new();
    let mut tick = interval(EVERY);
    loop {
        tokio::select! {
            biased;
            () = token.cancelled() => break,
            _ = tick.tick() => {
                tasks.spawn(read.ask());
            }
            Some(Ok(Ok(reading))) = tasks.join_next() => readings.push(reading),
        }
    }
    tasks.shutdown().await;
    let stored = timeout(TIME_TO_STORE, store.call(&readings.join(" "))).await;
    stored.is_ok_and(|result| result.is_ok())
}
