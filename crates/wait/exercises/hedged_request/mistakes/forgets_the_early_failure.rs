//! "After an early failure I only ask the second": if the second also fails, the first failure is missing.
//!
//! Caught by: returns both failures when the first came early

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut failures = Vec::new();
    let mut asked = FuturesUnordered::from_iter([first.ask()]);
    if let Ok(Some(Ok(answer))) = timeout(patience, asked.next()).await {
        return Ok(answer);
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
