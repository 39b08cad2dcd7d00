//! "A panic ends the loop": the first was still under way.
//!
//! Caught by: passes on that a call panicked, or does without it

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Output = Result<String, Vec<Failure>>;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Output {
    let mut asked = JoinSet::new();
    let mut failures = Vec::new();
    let a = asked.spawn(first.ask()).id();
    if let Ok(Some(result)) = timeout(patience, asked.join_next()).await {
        match result.unwrap() {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    asked.spawn(second.ask());
    while let Some(result) = asked.join_next_with_id().await {
        match result {
            Ok((_, Ok(answer))) => return Ok(answer),
            Ok((_, Err(failure))) => failures.push(failure),
            Err(e) if e.id() == a => std::panic::resume_unwind(e.into_panic()),
            Err(_) => break,
        }
    }
    Err(failures)
}
