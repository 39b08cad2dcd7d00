//! "`join_next` waits for the set": it waits for one of its tasks.
//!
//! Caught by: returns when the time is up

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut rest: JoinSet<_> = services.iter().map(Service::ask).collect();
    let mut done = Vec::new();
    if let Ok(Some(ended)) = timeout(limit, rest.join_next()).await {
        done.push(ended.unwrap());
    }
    (done, rest)
}
