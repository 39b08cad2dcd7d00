//! "After a failure, the second gets the rest of the time": it is given up too early.
//!
//! Caught by: asks the second immediately when the first fails early

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut failures = Vec::new();
    let mut asked = FuturesUnordered::from_iter([first.ask()]);
    match timeout(patience, asked.next()).await {
        Ok(Some(Ok(answer))) => return Ok(answer),
        Ok(Some(Err(failure))) => match timeout(patience, second.ask()).await {
            Ok(result) => return result.map_err(|last| vec![failure, last]),
            Err(_) => return Err(vec![failure]),
        },
        _ => {}
    }
    asked.push(second.ask());

    while let Some(result) = asked.next().await {
        match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    Err(failures)
}
