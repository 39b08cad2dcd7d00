//! "`AbortOnDropHandle` owns the task": the block makes it at its first poll, and holds a plain handle until then.
//!
//! Caught by: lets its caller stop the rest

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut handles: FuturesUnordered<_> = services.iter().map(|service| tokio::spawn(service.ask())).collect();
    let mut done = Vec::new();
    let all = async {
        while let Some(ended) = handles.next().await {
            done.push(ended.unwrap());
        }
    };
    let _ = timeout(limit, all).await;
    let mut rest = JoinSet::new();
    for handle in handles {
        rest.spawn(async { AbortOnDropHandle::new(handle).await.unwrap() });
    }
    (done, rest)
}
