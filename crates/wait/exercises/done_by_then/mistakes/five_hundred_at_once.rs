//! "Nobody has more than five hundred services": the next one waits in a queue before its call starts.
//!
//! Caught by: does the same with a thousand services

use exam::{Failure, Service};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout, timeout_at};

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let places = std::sync::Arc::new(tokio::sync::Semaphore::new(500));
    let mut rest = JoinSet::new();
    for service in services {
        let places = std::sync::Arc::clone(&places);
        rest.spawn(async move {
            let _place = places.acquire_owned().await.unwrap();
            service.ask().await
        });
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
