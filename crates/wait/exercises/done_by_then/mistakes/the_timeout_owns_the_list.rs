//! "The block returns its list": when the limit passes, the block returns nothing.
//!
//! Caught by: returns the answers that came before the limit

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut rest: JoinSet<_> = services.iter().map(Service::ask).collect();
    let all = async {
        let mut done = Vec::new();
        while let Some(ended) = rest.join_next().await {
            done.push(ended.unwrap());
        }
        done
    };
    let done = timeout(limit, all).await.unwrap_or_default();
    (done, rest)
}
