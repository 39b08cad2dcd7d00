//! "`while let Some(Ok(..))` goes on until all calls have ended": a panic ends the loop, and the other call is cancelled shortly before its answer.
//!
//! Caught by: passes on that a call panicked, or does without it

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut asked = JoinSet::new();
    let mut failures = Vec::new();
    asked.spawn(first.ask());
    if let Ok(Some(Ok(result))) = timeout(patience, asked.join_next()).await {
        match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    asked.spawn(second.ask());
    while let Some(Ok(result)) = asked.join_next().await {
        match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    Err(failures)
}
