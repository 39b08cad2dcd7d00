//! "After half an hour the rest is of no use": the caller decides how long it may take.
//!
//! Caught by: uses its caller's limit, and keeps each answer unchanged

use exam::{Failure, Service};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout, timeout_at};

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut rest = JoinSet::new();
    for service in services {
        rest.spawn(async move { timeout(Duration::from_mins(35), service.ask()).await.unwrap_or(Ok(String::new())) });
    }
    let mut done = Vec::new();
    let all = async {
        while let Some(ended) = rest.join_next().await {
            done.push(ended.unwrap());
        }
    };
    let _ = timeout(limit, all).await;
    (done, rest)
}
