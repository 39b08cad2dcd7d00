//! "For one service I need no set": its call ignores the limit.
//!
//! Caught by: hands back the rest, still running

use std::time::Duration;

use exam::{Failure, Service};
use futures::{FutureExt, StreamExt};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    if let [one] = services.as_slice() {
        return (vec![one.ask().await], JoinSet::new());
    }
    let mut rest: JoinSet<Answer> = services.iter().map(Service::ask).collect();
    let mut done = Vec::new();
    let all = async {
        while let Some(ended) = rest.join_next().await {
            done.push(ended.unwrap());
        }
    };
    let _in_time = timeout(limit, all).await;
    (done, rest)
}
