//! "A panic may have been bad luck": it fetches the page again.
//!
//! Caught by: passes on that a call panicked

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
        loop {
            let mut once = tokio::task::JoinSet::new();
            once.spawn(fetch.call(page));
            if let Some(Ok(result)) = once.join_next().await {
                return result;
            }
        }
    });
    join_all(requests).await
}
