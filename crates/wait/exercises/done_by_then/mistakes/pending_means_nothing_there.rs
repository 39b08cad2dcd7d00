//! "`now_or_never` takes every result that is there": after 128 in a row, Tokio returns `Pending` to let other tasks run.
//!
//! Caught by: does the same with a thousand services

use std::time::Duration;

use exam::{Failure, Service};
use futures::FutureExt;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let tracker = TaskTracker::new();
    let mut rest: JoinSet<_> = services.iter().map(|service| tracker.track_future(service.ask())).collect();
    tracker.close();
    let _ = timeout(limit, tracker.wait()).await;
    let mut done = Vec::new();
    while let Some(Some(ended)) = rest.join_next().now_or_never() {
        done.push(ended.unwrap());
    }
    (done, rest)
}
