//! "`join_next` only ever returns `Some(Ok(..))`": a panic ends the loop, and the caller never learns of it.
//!
//! Caught by: passes on that a call panicked

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut rest: JoinSet<Answer> = services.iter().map(Service::ask).collect();
    let mut done = Vec::new();
    let all = async {
        while let Some(Ok(answer)) = rest.join_next().await {
            done.push(answer);
        }
    };
    let _in_time = timeout(limit, all).await;
    (done, rest)
}
