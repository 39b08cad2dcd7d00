//! "I show the same answer only once": then one of the services seems not to have answered.
//!
//! Caught by: does the same with a thousand services

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
            let answer = ended.expect("a call does not panic");
            if !done.contains(&answer) {
                done.push(answer);
            }
        }
    };
    let _in_time = timeout(limit, all).await;
    (done, rest)
}
