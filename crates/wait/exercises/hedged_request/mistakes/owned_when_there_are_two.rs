//! "Now there can be a loser, so now the calls need an owner": if the caller gives up before, the first call keeps running.
//!
//! Caught by: stops everything when its caller gives up

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut failures = Vec::new();
    let mut asked = FuturesUnordered::new();
    let mut call = tokio::spawn(first.ask());
    match timeout(patience, &mut call).await {
        Ok(result) => match result.unwrap() {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        },
        Err(_) => asked.push(AbortOnDropHandle::new(call)),
    }
    asked.push(AbortOnDropHandle::new(tokio::spawn(second.ask())));

    while let Some(result) = asked.next().await {
        match result.unwrap() {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    Err(failures)
}
