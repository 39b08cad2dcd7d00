//! "A second try is for a first that failed": a slow one never fails.
//!
//! Caught by: asks the second when patience has run out

use std::time::Duration;

use exam::{Failure, Service};

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    match first.ask().await {
        Ok(answer) => Ok(answer),
        Err(failure) => second.ask().await.map_err(|last| vec![failure, last]),
    }
}
