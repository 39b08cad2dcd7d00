//! "It came in time, so I return it": but it is a failure.
//!
//! Caught by: asks the second immediately when the first fails early

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut failures = Vec::new();
    let mut asked = FuturesUnordered::new();
    asked.push(first.ask());
    if let Ok(Some(result)) = timeout(patience, asked.next()).await {
        return result.map_err(|failure| vec![failure]);
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
