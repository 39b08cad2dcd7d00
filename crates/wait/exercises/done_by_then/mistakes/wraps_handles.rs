//! "A set of tasks that wait for my tasks is as good": the set owns the waiting tasks, and the other tasks have no owner.
//!
//! Caught by: lets its caller stop the rest

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut rest = JoinSet::new();
    for service in services {
        let handle = tokio::spawn(service.ask());
        rest.spawn(async { handle.await.unwrap() });
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
