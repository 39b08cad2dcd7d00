//! "A service that was late gets another call": the first call, and the time it has taken, is thrown away.
//!
//! Caught by: hands back the rest, still running

use std::time::Duration;

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let deadline = Instant::now() + limit;
    let calls = services.iter().map(|service| timeout_at(deadline, service.ask()));
    let (mut done, mut rest) = (Vec::new(), JoinSet::new());
    for (service, result) in services.iter().zip(join_all(calls).await) {
        match result {
            Ok(answer) => done.push(answer),
            Err(_) => {
                rest.spawn(service.ask());
            }
        }
    }
    (done, rest)
}
