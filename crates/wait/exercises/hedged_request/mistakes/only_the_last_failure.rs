//! "`select_ok` returns the error": it returns only the last one.
//!
//! Caught by: returns both failures in the order in which they came

use std::time::Duration;

use exam::{Failure, Service};
use futures::FutureExt;
use futures::future::select_ok;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut call = first.ask().boxed();
    match timeout(patience, &mut call).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(failure)) => second.ask().await.map_err(|last| vec![failure, last]),
        Err(_) => select_ok([call, second.ask().boxed()]).await.map(|(answer, _)| answer).map_err(|last| vec![last]),
    }
}
