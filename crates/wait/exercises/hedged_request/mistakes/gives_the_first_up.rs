//! "Patience is over, so on to the next": the timeout owns the first call and drops it.
//!
//! Caught by: lets the first go on beside the second

use std::time::Duration;

use exam::{Failure, Service};
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    match timeout(patience, first.ask()).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(failure)) => second.ask().await.map_err(|last| vec![failure, last]),
        Err(_) => second.ask().await.map_err(|last| vec![last]),
    }
}
