//! "`Instant::now() + patience` is the moment": with `Duration::MAX` it panics.
//!
//! Caught by: accepts any patience

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::{Instant, timeout_at};

type Output = Result<String, Vec<Failure>>;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Output {
    let mut asked = FuturesUnordered::new();
    let mut failures = Vec::new();
    let until = Instant::now() + patience;
    asked.push(first.ask());
    if let Ok(Some(result)) = timeout_at(until, asked.next()).await {
        match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
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
