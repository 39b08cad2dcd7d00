//! "Not too many at once": a limit of a hundred that the task does not ask for.
//!
//! Caught by: does the same with a thousand services

use std::time::Duration;

use exam::{Failure, Service};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let places = Arc::new(Semaphore::new(100));
    let mut rest = JoinSet::new();
    for service in services {
        let places = Arc::clone(&places);
        rest.spawn(async move {
            let _place = places.acquire().await.unwrap();
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
