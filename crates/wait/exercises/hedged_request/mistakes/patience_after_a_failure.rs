//! "I ask the second after `patience`": even if the first failed long before.
//!
//! Caught by: asks the second immediately when the first fails early

use std::time::Duration;

use exam::{Failure, Service};
use futures::FutureExt;
use futures::future::select_ok;
use tokio::time::sleep;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let later = async {
        sleep(patience).await;
        second.ask().await
    };
    match select_ok([first.ask().boxed(), later.boxed()]).await {
        Ok((answer, _)) => Ok(answer),
        Err(failure) => Err(vec![failure]),
    }
}
