//! "The time is up, so I stop the rest": the caller gets an empty set.
//!
//! Caught by: hands back the rest, still running

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut rest: JoinSet<_> = services.iter().map(Service::ask).collect();
    let mut done = Vec::new();
    let all = async {
        while let Some(ended) = rest.join_next().await {
            done.push(ended.unwrap());
        }
    };
    if timeout(limit, all).await.is_err() {
        rest.shutdown().await;
    }
    (done, rest)
}
