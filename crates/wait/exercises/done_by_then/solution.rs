//! One good answer.

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

/// Asks all services at once, and returns the answers that are there after `limit`, and the calls that still run.
#[expect(clippy::expect_used, reason = "a panic of a call is a bug, and goes on to the caller")]
pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut rest: JoinSet<Answer> = services.iter().map(Service::ask).collect();
    let mut done = Vec::new();
    let all = async {
        while let Some(ended) = rest.join_next().await {
            done.push(ended.expect("a call does not panic, and no code aborts it"));
        }
    };
    // `all` only borrows the set and the list, so the timeout drops the wait and nothing else.
    let _in_time = timeout(limit, all).await;
    (done, rest)
}
