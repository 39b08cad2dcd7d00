//! "Half an hour is enough for a page": a late page is also a result.
//!
//! Caught by: keeps three under way when pages take minutes and the list is long

use exam::{Failure, Service};
use futures::future::join_all;
use futures::stream::{self, FuturesUnordered, StreamExt};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = Semaphore::new(3);
    let requests = pages.iter().map(async |page| {
        let _permit = semaphore.acquire().await.unwrap();
        timeout(Duration::from_mins(30), fetch.call(page)).await.unwrap_or_else(|_| Ok(String::new()))
    });
    join_all(requests).await
}
