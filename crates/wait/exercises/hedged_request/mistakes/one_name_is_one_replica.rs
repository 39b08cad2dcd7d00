//! "The same name means the same replica": these are two replicas.
//!
//! Caught by: returns both failures when they are the same

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use std::time::Duration;
use tokio::time::{sleep, timeout};

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
    if first.name() == second.name() && !failures.is_empty() {
        return Err(failures);
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
