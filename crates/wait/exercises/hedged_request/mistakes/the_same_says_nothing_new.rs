//! "The same failure twice says nothing new": the report lacks one of two replicas.
//!
//! Caught by: returns both failures when they are the same

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
    while let Some(result) = asked.next().await {
        match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => {
                if !failures.contains(&failure) {
                    failures.push(failure);
                }
            }
        }
    }
    Err(failures)
}
