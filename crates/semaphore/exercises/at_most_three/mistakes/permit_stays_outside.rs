//! "First the permit, then the spawn": the permit is dropped at the end of the loop's turn, and the task goes on without it.
//!
//! Caught by: never fetches more than three pages at once

use exam::{Failure, Service};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = Arc::new(Semaphore::new(3));
    let mut tasks = JoinSet::new();
    for (number, page) in pages.into_iter().enumerate() {
        let _permit = semaphore.clone().acquire_owned().await.unwrap();
        let fetch = fetch.clone();
        tasks.spawn(async move { (number, fetch.call(&page).await) });
    }
    let mut results = tasks.join_all().await;
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}
