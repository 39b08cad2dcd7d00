//! "It is enough that they still run": the rest runs in the background, and the caller cannot wait for it.
//!
//! Caught by: hands back the rest, still running

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut calls: JoinSet<_> = services.iter().map(Service::ask).collect();
    let mut done = Vec::new();
    let all = async {
        while let Some(ended) = calls.join_next().await {
            done.push(ended.unwrap());
        }
    };
    if timeout(limit, all).await.is_err() {
        calls.detach_all();
    }
    (done, JoinSet::new())
}
