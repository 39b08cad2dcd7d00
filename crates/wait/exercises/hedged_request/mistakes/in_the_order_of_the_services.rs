//! "First is first": the second replica failed sooner, but its failure is put last.
//!
//! Caught by: returns both failures in the order in which they came

use std::time::Duration;

use exam::{Failure, Service};
use std::pin::pin;
use tokio::select;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut one = pin!(first.ask());
    match timeout(patience, &mut one).await {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(failure)) => return second.ask().await.map_err(|last| vec![failure, last]),
        Err(_) => {}
    }
    let mut two = pin!(second.ask());
    let (first, second) = select! {
        result = &mut one => match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => (Err(failure), two.await),
        },
        result = &mut two => match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => (one.await, Err(failure)),
        },
    };
    match (first, second) {
        (Ok(answer), _) | (_, Ok(answer)) => Ok(answer),
        (Err(first), Err(second)) => Err(vec![first, second]),
    }
}
