//! "`AbortOnDropHandle` owns the task": a block makes it at its first poll, and holds a plain handle until then.
//!
//! Caught by: stops everything when its caller gives up

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

type Output = Result<String, Vec<Failure>>;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Output {
    let mut asked = JoinSet::new();
    let mut failures = Vec::new();
    let handle = tokio::spawn(first.ask());
    asked.spawn(async move { AbortOnDropHandle::new(handle).await.unwrap() });
    if let Ok(Some(result)) = timeout(patience, asked.join_next()).await {
        match result.unwrap() {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    let handle = tokio::spawn(second.ask());
    asked.spawn(async move { AbortOnDropHandle::new(handle).await.unwrap() });
    while let Some(result) = asked.join_next().await {
        match result.unwrap() {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    Err(failures)
}
