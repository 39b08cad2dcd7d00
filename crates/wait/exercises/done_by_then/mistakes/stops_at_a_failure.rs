//! "An `Err` ends the loop": `while let Some(Ok(Ok(..)))` stops at the first failure, and loses it.
//!
//! Caught by: counts a failure as an answer

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut rest: JoinSet<_> = services.iter().map(Service::ask).collect();
    let mut done = Vec::new();
    let all = async {
        while let Some(Ok(Ok(answer))) = rest.join_next().await {
            done.push(Ok(answer));
        }
    };
    let _ = timeout(limit, all).await;
    (done, rest)
}
