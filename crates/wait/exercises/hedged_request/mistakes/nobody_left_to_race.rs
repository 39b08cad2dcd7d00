//! "`select_next_some` waits for the next result": it panics when no call is left.
//!
//! Caught by: returns both failures in the order in which they came

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut failures = Vec::new();
    let mut asked = FuturesUnordered::from_iter([first.ask()]);
    match timeout(patience, asked.select_next_some()).await {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(failure)) => failures.push(failure),
        Err(_) => {}
    }
    asked.push(second.ask());
    loop {
        match asked.select_next_some().await {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
}
