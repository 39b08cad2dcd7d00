//! "I asked for the permit, so I have it": `is_ok` checks the permit, and then the permit is dropped.
//!
//! Caught by: never fetches more than three pages at once

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::Semaphore;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = Semaphore::new(3);
    join_all(pages.iter().map(async |page| {
        assert!(semaphore.acquire().await.is_ok());
        fetch.call(page).await
    }))
    .await
}
