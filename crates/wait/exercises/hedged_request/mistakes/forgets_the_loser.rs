//! "I forget the slower call": `mem::forget` prevents the drop, and only the drop cancels a call.
//!
//! Caught by: drops the calls that it gives up

use std::mem;
use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut asked = FuturesUnordered::new();
    let mut failures = Vec::new();
    asked.push(first.ask());
    match timeout(patience, asked.next()).await {
        Ok(Some(Ok(answer))) => return Ok(answer),
        Ok(Some(Err(failure))) => failures.push(failure),
        _ => {}
    }
    asked.push(second.ask());
    while let Some(result) = asked.next().await {
        match result {
            Ok(answer) => {
                mem::forget(asked);
                return Ok(answer);
            }
            Err(failure) => failures.push(failure),
        }
    }
    Err(failures)
}
