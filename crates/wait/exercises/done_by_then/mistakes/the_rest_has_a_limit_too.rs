//! "No caller waits for ever": this one would, and only the caller can decide that.
//!
//! Caught by: hands back the rest, still running

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut rest = JoinSet::new();
    for service in services {
        rest.spawn(async move { timeout(2 * limit, service.ask()).await.expect("nobody waits longer than that") });
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
