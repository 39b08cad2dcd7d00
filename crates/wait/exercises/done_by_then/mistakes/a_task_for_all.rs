//! "I run everything in a task of its own, so nothing can get lost": the task goes on after the caller has given up.
//!
//! Caught by: stops everything when its caller gives up

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let whole = tokio::spawn(async move {
        let mut rest: JoinSet<_> = services.iter().map(Service::ask).collect();
        let mut done = Vec::new();
        let all = async {
            while let Some(ended) = rest.join_next().await {
                done.push(ended.unwrap());
            }
        };
        let _ = timeout(limit, all).await;
        (done, rest)
    });
    whole.await.unwrap()
}
