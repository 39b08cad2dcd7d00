//! "The loop selects again": one arm is a call that has ended, and it panics when it is polled again.
//!
//! Caught by: goes on with the second when the first fails

use std::time::Duration;

use exam::{Failure, Service};
use std::pin::pin;
use tokio::select;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut failures = Vec::new();
    let mut first = pin!(first.ask());
    match timeout(patience, &mut first).await {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(failure)) => return second.ask().await.map_err(|last| vec![failure, last]),
        Err(_) => {}
    }
    let mut second = pin!(second.ask());
    while failures.len() < 2 {
        let result = select! {
            result = &mut first => result,
            result = &mut second => result,
        };
        match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    Err(failures)
}
