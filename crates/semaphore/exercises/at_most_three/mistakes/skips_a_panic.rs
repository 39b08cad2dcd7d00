//! "A `JoinError` is an aborted task, and I abort none": a task that panicked also returns a `JoinError`, and its page is missing.
//!
//! Caught by: passes on that a call panicked

use exam::{Failure, Service};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = Arc::new(Semaphore::new(3));
    let mut tasks = JoinSet::new();
    for (place, page) in pages.into_iter().enumerate() {
        let (semaphore, fetch) = (semaphore.clone(), fetch.clone());
        tasks.spawn(async move {
            let _permit = semaphore.acquire().await.unwrap();
            (place, fetch.call(&page).await)
        });
    }
    let mut results = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        if let Ok(result) = ended {
            results.push(result);
        }
    }
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}
