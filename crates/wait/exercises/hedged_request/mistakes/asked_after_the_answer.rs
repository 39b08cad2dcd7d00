//! "A task can wait for its turn": the task waits until patience is over, and asks although the answer came long before.
//!
//! Caught by: asks only the first when that one is quick

use std::time::Duration;

use exam::{Failure, Service};
use tokio::select;
use tokio::time::sleep;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut second = tokio::spawn(async move {
        sleep(patience).await;
        second.ask().await
    });
    let mut first = tokio::spawn(first.ask());
    let (result, other) = select! {
        result = &mut first => (result.unwrap(), second),
        result = &mut second => (result.unwrap(), first),
    };
    match result {
        Ok(answer) => Ok(answer),
        Err(failure) => other.await.unwrap().map_err(|last| vec![failure, last]),
    }
}
