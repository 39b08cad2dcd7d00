//! "It is borrowed, so it goes on": while this arm awaits something else, nothing polls it.
//!
//! Caught by: lets the first go on beside the second

use std::time::Duration;

use exam::{Failure, Service};
use std::pin::pin;
use tokio::select;
use tokio::time::sleep;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut call = pin!(first.ask());
    select! {
        result = &mut call => match result {
            Ok(answer) => Ok(answer),
            Err(failure) => second.ask().await.map_err(|last| vec![failure, last]),
        },
        () = sleep(patience) => match second.ask().await {
            Ok(answer) => Ok(answer),
            Err(failure) => call.await.map_err(|last| vec![failure, last]),
        },
    }
}
