//! "There is always a first service": without any service, the answer waits until the limit.
//!
//! Caught by: returns sooner when all have answered

use exam::{Failure, Service};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout, timeout_at};

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut rest: JoinSet<Answer> = services.iter().map(Service::ask).collect();
    let mut done = Vec::new();
    let count = services.len();
    let all = async {
        loop {
            match rest.join_next().await {
                Some(ended) => done.push(ended.unwrap()),
                None => std::future::pending().await,
            }
            if done.len() == count {
                break;
            }
        }
    };
    let _ = timeout(limit, all).await;
    (done, rest)
}
