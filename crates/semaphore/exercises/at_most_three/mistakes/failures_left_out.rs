//! "A failure is not a result": the caller cannot see which page is missing.
//!
//! Caught by: goes on when pages fail

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::Semaphore;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = Semaphore::new(3);
    let results = join_all(pages.iter().map(async |page| {
        let _permit = semaphore.acquire().await.unwrap();
        fetch.call(page).await
    }))
    .await;
    results.into_iter().filter(Result::is_ok).collect()
}
