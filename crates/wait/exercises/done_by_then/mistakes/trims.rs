//! "The blanks do not matter": the task asks for each answer unchanged.
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
        rest.spawn(async move { Ok(service.ask().await?.trim().to_owned()) });
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
