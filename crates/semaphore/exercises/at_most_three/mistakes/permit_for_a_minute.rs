//! "A page that takes a minute is not coming, so make room": its request is still under way, and the next one is the fourth.
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
        let permit = semaphore.acquire().await.unwrap();
        let mut request = Box::pin(fetch.call(page));
        if let Ok(result) = timeout(Duration::from_mins(1), &mut request).await {
            return result;
        }
        drop(permit);
        request.await
    }))
    .await
}
