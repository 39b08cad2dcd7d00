//! "I abort the loser when I have an answer": if the caller drops this future before, no line aborts it.
//!
//! Caught by: stops everything when its caller gives up

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut failures = Vec::new();
    let one = tokio::spawn(first.ask());
    let mut aborts = vec![one.abort_handle()];
    let mut asked = FuturesUnordered::from_iter([one]);
    if let Ok(Some(result)) = timeout(patience, asked.next()).await {
        match result.unwrap() {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    let two = tokio::spawn(second.ask());
    aborts.push(two.abort_handle());
    asked.push(two);
    while let Some(result) = asked.next().await {
        match result.unwrap() {
            Ok(answer) => {
                aborts.iter().for_each(|loser| loser.abort());
                return Ok(answer);
            }
            Err(failure) => failures.push(failure),
        }
    }
    Err(failures)
}
