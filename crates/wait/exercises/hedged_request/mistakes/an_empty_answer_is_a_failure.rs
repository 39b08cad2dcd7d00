//! "An empty answer means no answer": it is a good answer.
//!
//! Caught by: returns an answer unchanged

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
            Ok(answer) if !answer.is_empty() => return Ok(answer),
            Ok(_) => {}
            Err(failure) => failures.push(failure),
        }
    }
    asked.push(second.ask());
    while let Some(result) = asked.next().await {
        match result {
            Ok(answer) if !answer.is_empty() => return Ok(answer),
            Ok(_) => {}
            Err(failure) => failures.push(failure),
        }
    }
    Err(failures)
}
