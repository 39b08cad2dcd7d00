//! "At most three means three": it takes three permits for each batch, and two pages never start.
//!
//! Caught by: works with an empty list and with two pages

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
