//! "Two hundred at once are all": and one more waits.
//!
//! Caught by: does the same with hundreds of services

use std::sync::Arc;
use std::time::Duration;

use exam::{Failure, Service};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let places = Arc::new(Semaphore::new(200));
    let ask = |service: Service| {
        let places = Arc::clone(&places);
        async move {
            let _place = places.acquire().await;
            service.ask().await
        }
    };
    let mut rest: JoinSet<Answer> = services.into_iter().map(ask).collect();
    let mut done = Vec::new();
    let all = async {
        while let Some(ended) = rest.join_next().await {
            done.push(ended.expect("a call does not panic"));
        }
    };
    let _in_time = timeout(limit, all).await;
    (done, rest)
}
