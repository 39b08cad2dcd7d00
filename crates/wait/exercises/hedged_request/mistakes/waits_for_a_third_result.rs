//! "The channel ends when the tasks have ended": not while this function still holds a sender.
//!
//! Caught by: returns both failures in the order in which they came

use std::time::Duration;

use exam::{Failure, Service};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let (send, mut results) = mpsc::channel(2);
    let mut tasks = JoinSet::new();
    let mut failures = Vec::new();
    let ask = |service: Service| {
        let send = send.clone();
        async move { send.send(service.ask().await).await }
    };
    tasks.spawn(ask(first));
    match timeout(patience, results.recv()).await {
        Ok(Some(Ok(answer))) => return Ok(answer),
        Ok(Some(Err(failure))) => failures.push(failure),
        _ => {}
    }
    tasks.spawn(ask(second));
    while let Some(result) = results.recv().await {
        match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    Err(failures)
}
