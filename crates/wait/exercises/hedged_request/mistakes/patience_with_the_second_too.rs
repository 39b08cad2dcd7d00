//! "No wait is longer than `patience`": the second is given up shortly before it answers.
//!
//! Caught by: goes on with the second when the first fails

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut failures = Vec::new();
    let mut asked = FuturesUnordered::from_iter([first.ask()]);
    match timeout(patience, asked.next()).await {
        Ok(Some(Ok(answer))) => return Ok(answer),
        Ok(Some(Err(failure))) => failures.push(failure),
        _ => {}
    }
    asked.push(second.ask());
    while let Ok(Some(result)) = timeout(patience, asked.next()).await {
        match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    Err(failures)
}
