//! One good answer.

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::Semaphore;

/// Fetches all pages, at most three at once, and returns every result in the order of the pages, failures included.
#[expect(clippy::expect_used, reason = "no other code can close the semaphore")]
pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = Semaphore::new(3);
    let requests = pages.iter().map(async |page| {
        // Held until the request ends, in whatever way.
        let _permit = semaphore.acquire().await.expect("this semaphore is never closed");
        fetch.call(page).await
    });
    join_all(requests).await
}
