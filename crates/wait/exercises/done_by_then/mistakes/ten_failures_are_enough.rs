//! "After ten failures nothing good will come": the caller decides that.
//!
//! Caught by: does the same with a thousand services

use exam::{Failure, Service};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout, timeout_at};

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut rest: JoinSet<Answer> = services.iter().map(Service::ask).collect();
    let mut done = Vec::new();
    let all = async {
        let mut failures = 0;
        while let Some(ended) = rest.join_next().await {
            let ended = ended.unwrap();
            failures += usize::from(ended.is_err());
            done.push(ended);
            if failures == 10 {
                break;
            }
        }
    };
    let _ = timeout(limit, all).await;
    (done, rest)
}
