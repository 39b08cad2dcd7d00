//! "I return, so the other call is dropped": only its handle is dropped, and its task keeps running.
//!
//! Caught by: cancels the loser

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut failures = Vec::new();
    let mut asked = FuturesUnordered::from_iter([tokio::spawn(first.ask())]);
    if let Ok(Some(result)) = timeout(patience, asked.next()).await {
        match result.unwrap() {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    asked.push(tokio::spawn(second.ask()));

    while let Some(result) = asked.next().await {
        match result.unwrap() {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    Err(failures)
}
