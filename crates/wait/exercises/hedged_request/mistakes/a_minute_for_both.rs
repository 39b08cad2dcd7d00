//! "After a minute nobody answers any more": and the error has not even a failure in it.
//!
//! Caught by: has as much patience as its caller

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut asked = FuturesUnordered::new();
    let mut failures = Vec::new();
    asked.push(first.ask());
    if let Ok(Some(result)) = timeout(patience, asked.next()).await {
        match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    asked.push(second.ask());
    while let Ok(Some(result)) = timeout(Duration::from_secs(60), asked.next()).await {
        match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    Err(failures)
}
