//! "The request is a task": it goes on after the caller has given up.
//!
//! Caught by: stops everything when its caller gives up

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
        tokio::spawn(fetch.call(page)).await.unwrap()
    });
    join_all(requests).await
}
