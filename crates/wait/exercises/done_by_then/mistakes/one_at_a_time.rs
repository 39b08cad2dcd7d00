//! "I ask one service after another until the time is up": the last one is asked when no time is left.
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
