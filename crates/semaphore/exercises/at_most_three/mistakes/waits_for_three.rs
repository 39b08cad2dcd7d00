//! "At most three is three": `acquire_many` for all pages at once, and two pages are no reason to begin.
//!
//! Caught by: has nothing to do without pages, and little with two

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::{Barrier, Semaphore};

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let (semaphore, start) = (Semaphore::new(3), Barrier::new(3));
    join_all(pages.iter().enumerate().map(async |(number, page)| {
        let _permit = semaphore.acquire().await.unwrap();
        if number < 3 {
            start.wait().await;
        }
        fetch.call(page).await
    }))
    .await
}
