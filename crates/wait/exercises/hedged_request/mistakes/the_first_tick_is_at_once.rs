//! "An interval ticks after each period": its first tick comes immediately.
//!
//! Caught by: asks only the first when that one is quick

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::select;
use tokio::time::interval;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut failures = Vec::new();
    let mut asked = FuturesUnordered::from_iter([first.ask()]);
    let mut patience = interval(patience);
    select! {
        Some(result) = asked.next() => match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        },
        _ = patience.tick() => {}
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
