//! "No request should wait for ever, so after a minute it starts": when the server is slowest, all waiting requests start at once.
//!
//! Caught by: keeps three under way when pages take minutes and the list is long

use exam::{Failure, Service};
use futures::future::join_all;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = Semaphore::new(3);
    join_all(pages.iter().map(async |page| {
        let _permit = timeout(Duration::from_mins(1), semaphore.acquire()).await;
        fetch.call(page).await
    }))
    .await
}
