//! "Each wait has the limit, so the whole has it": every answer starts the limit again.
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
    while let Ok(Some(ended)) = timeout(limit, rest.join_next()).await {
        done.push(ended.unwrap());
    }
    (done, rest)
}
