//! "I have asked a service of this name already": but this one is another replica.
//!
//! Caught by: does the same with a thousand services

use std::collections::HashSet;
use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut asked = HashSet::new();
    let once = services.iter().filter(|service| asked.insert(service.name()));
    let mut rest: JoinSet<Answer> = once.map(Service::ask).collect();
    let mut done = Vec::new();
    let all = async {
        while let Some(ended) = rest.join_next().await {
            done.push(ended.expect("a call does not panic"));
        }
    };
    let _in_time = timeout(limit, all).await;
    (done, rest)
}
