//! "A window of five hundred is as good as none": while the first page takes minutes, the window is full.
//!
//! Caught by: keeps three under way when pages take minutes and the list is long

use exam::{Failure, Service};
use futures::future::join_all;
use futures::stream::{self, FuturesUnordered, StreamExt};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = &Semaphore::new(3);
    let fetch = &fetch;
    stream::iter(pages)
        .map(|page| async move {
            let _permit = semaphore.acquire().await.unwrap();
            fetch.call(&page).await
        })
        .buffered(500)
        .collect()
        .await
}
