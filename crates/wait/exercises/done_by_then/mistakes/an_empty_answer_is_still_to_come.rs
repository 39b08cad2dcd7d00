//! "An empty answer means no answer": the call is neither in the list nor in the set.
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
            let ended = ended.unwrap();
            if !ended.as_ref().is_ok_and(String::is_empty) {
                done.push(ended);
            }
        }
    };
    let _ = timeout(limit, all).await;
    (done, rest)
}
