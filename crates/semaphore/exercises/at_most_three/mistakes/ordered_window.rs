//! "A semaphore for the three, and a wide `buffered` for the order": a slow first page fills the window with results that are done.
//!
//! Caught by: keeps three under way when pages take minutes and the list is long

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};
use tokio::sync::Semaphore;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = Semaphore::new(3);
    let requests = pages.iter().map(async |page| {
        let _permit = semaphore.acquire().await.unwrap();
        fetch.call(page).await
    });
    stream::iter(requests).buffered(64).collect().await
}
