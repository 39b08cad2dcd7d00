//! "I collect all answers first, and then see which came in time": the caller gets them only after the last one.
//!
//! Caught by: returns when the time is up

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::Instant;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let deadline = Instant::now() + limit;
    let mut calls: JoinSet<_> =
        services.into_iter().map(async |service| (service.ask().await, Instant::now())).collect();
    let (mut done, mut rest) = (Vec::new(), JoinSet::new());
    while let Some(ended) = calls.join_next().await {
        let (answer, at) = ended.unwrap();
        if at <= deadline {
            done.push(answer);
        } else {
            rest.spawn(async { answer });
        }
    }
    (done, rest)
}
