//! "The loser is the first, and I drop that one": the second can also lose.
//!
//! Caught by: cancels the loser

use std::time::Duration;

use exam::{Failure, Service};
use std::pin::pin;
use tokio::select;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut call = pin!(first.ask());
    match timeout(patience, &mut call).await {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(failure)) => return second.ask().await.map_err(|last| vec![failure, last]),
        Err(_) => {}
    }
    let mut task = tokio::spawn(second.ask());
    select! {
        result = &mut call => match result {
            Ok(answer) => Ok(answer),
            Err(failure) => task.await.unwrap().map_err(|last| vec![failure, last]),
        },
        result = &mut task => match result.unwrap() {
            Ok(answer) => Ok(answer),
            Err(failure) => call.await.map_err(|last| vec![failure, last]),
        },
    }
}
