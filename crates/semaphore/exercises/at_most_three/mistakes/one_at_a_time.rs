//! "The semaphore makes it concurrent": it awaits each request before it makes the next one.
//!
//! Caught by: fetches three pages at once

use exam::{Failure, Service};
use tokio::sync::Semaphore;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = Semaphore::new(3);
    let mut results = Vec::new();
    for page in &pages {
        let _permit = semaphore.acquire().await.unwrap();
        results.push(fetch.call(page).await);
    }
    results
}
