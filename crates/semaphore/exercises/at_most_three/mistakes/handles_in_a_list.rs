//! "I await all handles, so no task is left": if the caller drops this future meanwhile, the tasks go on.
//!
//! Caught by: stops everything when its caller gives up

use exam::{Failure, Service};
use std::sync::Arc;
use tokio::sync::Semaphore;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = Arc::new(Semaphore::new(3));
    let mut tasks = Vec::new();
    for page in pages {
        let permit = semaphore.clone().acquire_owned().await.unwrap();
        let fetch = fetch.clone();
        tasks.push(tokio::spawn(async move {
            let result = fetch.call(&page).await;
            drop(permit);
            result
        }));
    }
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}
