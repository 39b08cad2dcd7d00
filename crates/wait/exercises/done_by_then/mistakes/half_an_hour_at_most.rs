//! "No caller waits longer than half an hour": only the caller's limit counts.
//!
//! Caught by: uses its caller's limit, and keeps each answer unchanged

use exam::{Failure, Service};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout, timeout_at};

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut rest: JoinSet<Answer> = services.iter().map(Service::ask).collect();
    let mut done = Vec::new();
    let all = async {
        while let Some(ended) = rest.join_next().await {
            done.push(ended.unwrap());
        }
    };
    let _ = timeout(limit.min(Duration::from_mins(30)), all).await;
    (done, rest)
}
