//! "I look when the time is up": even if all services answered long before.
//!
//! Caught by: returns sooner when all have answered

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::sleep;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut rest: JoinSet<_> = services.iter().map(Service::ask).collect();
    sleep(limit).await;
    let mut done = Vec::new();
    while let Some(ended) = rest.try_join_next() {
        done.push(ended.unwrap());
    }
    (done, rest)
}
