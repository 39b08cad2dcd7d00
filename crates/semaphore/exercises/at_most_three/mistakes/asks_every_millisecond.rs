//! "I try `try_acquire`, and sleep for a moment if there is no permit": all waiting requests wake up every millisecond, and chance decides which is next.
//!
//! Caught by: sleeps while nothing comes

use exam::{Failure, Service};
use futures::future::join_all;
use std::time::Duration;
use tokio::sync::Semaphore;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = Semaphore::new(3);
    join_all(pages.iter().map(async |page| {
        let _permit = loop {
            match semaphore.try_acquire() {
                Ok(permit) => break permit,
                Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
            }
        };
        fetch.call(page).await
    }))
    .await
}
