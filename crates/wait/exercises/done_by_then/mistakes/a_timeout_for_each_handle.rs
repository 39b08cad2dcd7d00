//! "All calls run already, so I can await one handle after the other": the first wait uses up the limit, and the next wait gets it again.
//!
//! Caught by: returns when the time is up

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let handles: Vec<_> = services.iter().map(|service| tokio::spawn(service.ask())).collect();
    let (mut done, mut rest) = (Vec::new(), JoinSet::new());
    for mut handle in handles {
        match timeout(limit, &mut handle).await {
            Ok(ended) => done.push(ended.unwrap()),
            Err(_) => {
                rest.spawn(async { handle.await.unwrap() });
            }
        }
    }
    (done, rest)
}
