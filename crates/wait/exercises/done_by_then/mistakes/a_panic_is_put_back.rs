//! "I put a panic back into the set, and my caller finds it": now the caller must wait for the rest to learn of the panic.
//!
//! Caught by: passes on that a call panicked

use exam::{Failure, Service};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout, timeout_at};

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut rest: JoinSet<Answer> = services.iter().map(Service::ask).collect();
    let mut done = Vec::new();
    let mut panicked = false;
    let all = async {
        while let Some(ended) = rest.join_next().await {
            match ended {
                Ok(answer) => done.push(answer),
                Err(_) => panicked = true,
            }
        }
    };
    let _ = timeout(limit, all).await;
    if panicked {
        rest.spawn(async { panic!("one of them panicked") });
    }
    (done, rest)
}
