//! "A limit of zero means that there is none."
//!
//! Caught by: returns immediately when the limit is zero

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut rest: JoinSet<Answer> = services.iter().map(Service::ask).collect();
    let mut done = Vec::new();
    let all = async {
        while let Some(ended) = rest.join_next().await {
            done.push(ended.expect("a call does not panic"));
        }
    };
    if limit.is_zero() {
        all.await;
    } else {
        let _in_time = timeout(limit, all).await;
    }
    (done, rest)
}
