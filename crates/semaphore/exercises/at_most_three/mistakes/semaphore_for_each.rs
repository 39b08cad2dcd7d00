//! "Each request needs a semaphore": each has three permits of its own.
//!
//! Caught by: never fetches more than three pages at once

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::Semaphore;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    join_all(pages.iter().map(async |page| {
        let semaphore = Semaphore::new(3);
        let _permit = semaphore.acquire().await.unwrap();
        fetch.call(page).await
    }))
    .await
}
