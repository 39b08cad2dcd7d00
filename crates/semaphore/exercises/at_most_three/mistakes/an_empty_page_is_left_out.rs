//! "An empty page means no page": it is a result.
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
        fetch.call(page).await
    });
    let mut results = join_all(requests).await;
    results.retain(|result| !result.as_ref().is_ok_and(String::is_empty));
    results
}
