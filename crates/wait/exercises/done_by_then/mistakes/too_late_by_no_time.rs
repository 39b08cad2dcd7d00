//! "In time means before the limit": what comes exactly at the limit is taken out of the set and thrown away.
//!
//! Caught by: loses no answer that comes exactly at the limit

use std::time::Duration;

use exam::{Failure, Service};
use futures::{FutureExt, StreamExt};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let began = Instant::now();
    let mut rest: JoinSet<Answer> = services.iter().map(Service::ask).collect();
    let mut done = Vec::new();
    let all = async {
        while let Some(ended) = rest.join_next().await {
            if began.elapsed() < limit {
                done.push(ended.unwrap());
            }
        }
    };
    let _in_time = timeout(limit, all).await;
    (done, rest)
}
