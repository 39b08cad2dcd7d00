//! "No page waits for longer than a minute", whatever the limit says.
//!
//! Caught by: takes the limit of its caller, and sets none to the rest

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut rest: JoinSet<Answer> = services.iter().map(Service::ask).collect();
    let mut done = Vec::new();
    let all = async {
        while let Some(ended) = rest.join_next().await {
            done.push(ended.expect("a call does not panic"));
        }
    };
    let _in_time = timeout(limit.min(Duration::from_secs(60)), all).await;
    (done, rest)
}
