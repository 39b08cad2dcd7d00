//! "`Instant::now() + limit` is the deadline": with `Duration::MAX` it panics.
//!
//! Caught by: accepts any limit

use std::time::Duration;

use exam::{Failure, Service};
use futures::{FutureExt, StreamExt};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let deadline = Instant::now() + limit;
    let mut rest: JoinSet<Answer> = services.iter().map(Service::ask).collect();
    let mut done = Vec::new();
    while let Ok(Some(ended)) = timeout_at(deadline, rest.join_next()).await {
        done.push(ended.unwrap());
    }
    (done, rest)
}
