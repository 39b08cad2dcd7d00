//! "A panic may have been bad luck": the service is asked again, and the caller never learns of the bug.
//!
//! Caught by: passes on that a call panicked

use exam::{Failure, Service};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout, timeout_at};

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut rest = JoinSet::new();
    for service in services {
        rest.spawn(async move {
            loop {
                let mut once = JoinSet::new();
                once.spawn(service.ask());
                if let Some(Ok(answer)) = once.join_next().await {
                    return answer;
                }
            }
        });
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
