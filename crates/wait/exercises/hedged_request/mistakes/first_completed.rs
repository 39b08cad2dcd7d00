//! "The first call that ends wins": here a failure ends sooner than an answer.
//!
//! Caught by: goes on with the second when the first fails

use std::time::Duration;

use exam::{Failure, Service};
use std::pin::pin;
use tokio::select;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut call = pin!(first.ask());
    let result = match timeout(patience, &mut call).await {
        Ok(Err(failure)) => return second.ask().await.map_err(|last| vec![failure, last]),
        Ok(result) => result,
        Err(_) => select! {
            result = call => result,
            result = second.ask() => result,
        },
    };
    result.map_err(|failure| vec![failure])
}
