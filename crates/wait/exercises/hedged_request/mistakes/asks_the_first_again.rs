//! "Now I ask both": the first call starts again, and its progress is lost.
//!
//! Caught by: lets the first go on beside the second

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut failures = Vec::new();
    let mut asked = FuturesUnordered::new();
    match timeout(patience, first.ask()).await {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(failure)) => failures.push(failure),
        Err(_) => asked.push(first.ask()),
    }
    asked.push(second.ask());

    while let Some(result) = asked.next().await {
        match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    Err(failures)
}
