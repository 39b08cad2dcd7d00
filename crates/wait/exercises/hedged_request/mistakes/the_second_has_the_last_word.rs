//! "If even the second fails, I give up": the first was still under way.
//!
//! Caught by: goes on with the first when the second fails

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
    let mut other = pin!(second.ask());
    select! {
        result = call => match result {
            Ok(answer) => Ok(answer),
            Err(failure) => other.await.map_err(|last| vec![failure, last]),
        },
        result = &mut other => result.map_err(|failure| vec![failure]),
    }
}
