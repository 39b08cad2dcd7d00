//! "The set holds what I spawned": a task that sends its answer elsewhere stays in the set, and gives the same answer again.
//!
//! Caught by: returns the answers that came before the limit

use std::time::Duration;

use exam::{Failure, Service};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let (send, mut answers) = mpsc::unbounded_channel();
    let mut rest = JoinSet::new();
    for service in services {
        let send = send.clone();
        rest.spawn(async move {
            let answer = service.ask().await;
            let _ = send.send(answer.clone());
            answer
        });
    }
    drop(send);
    let mut done = Vec::new();
    let all = async {
        while let Some(answer) = answers.recv().await {
            done.push(answer);
        }
    };
    let _ = timeout(limit, all).await;
    (done, rest)
}
