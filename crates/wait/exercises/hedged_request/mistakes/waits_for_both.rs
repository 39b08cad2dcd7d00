//! "I choose when both are there": it waits for the slower one, and a hedge should avoid that wait.
//!
//! Caught by: returns as soon as one has answered

use std::time::Duration;

use exam::{Failure, Service};
use std::pin::pin;
use tokio::join;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut call = pin!(first.ask());
    match timeout(patience, &mut call).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(failure)) => second.ask().await.map_err(|last| vec![failure, last]),
        Err(_) => match join!(second.ask(), call) {
            (Ok(answer), _) | (_, Ok(answer)) => Ok(answer),
            (Err(failure), Err(last)) => Err(vec![failure, last]),
        },
    }
}
