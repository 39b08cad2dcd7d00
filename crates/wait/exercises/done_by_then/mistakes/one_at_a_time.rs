//! "Who is not done by then was not asked yet": one call after another until the time is up, and the last one has no time at all.
//!
//! Caught by: asks all services at once

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let deadline = Instant::now() + limit;
    let mut done = Vec::new();
    let mut rest = JoinSet::new();
    for service in services {
        match timeout_at(deadline, service.ask()).await {
            Ok(answer) => done.push(answer),
            Err(_) => {
                rest.spawn(service.ask());
            }
        }
    }
    (done, rest)
}
