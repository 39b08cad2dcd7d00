//! "The tasks end when my future is dropped": a dropped `JoinHandle` detaches its task.
//!
//! Caught by: stops everything when its caller gives up

use exam::{Failure, Service};
use futures::future::join_all;
use std::sync::Arc;
use tokio::sync::Semaphore;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = Arc::new(Semaphore::new(3));
    let tasks = pages.into_iter().map(|page| {
        let (semaphore, fetch) = (semaphore.clone(), fetch.clone());
        tokio::spawn(async move {
            let _permit = semaphore.acquire().await.unwrap();
            fetch.call(&page).await
        })
    });
    join_all(tasks.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap).collect()
}
