//! "I spawn a task for each password": a dropped caller does not drop them, and those that wait for a place still start.
//!
//! Caught by: starts no other hash when its caller has given up

use std::sync::Arc;

use executor_offload::WorkError;
use futures::future::try_join_all;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let tasks = passwords.into_iter().map(|password| {
        let (places, hash) = (Arc::clone(&places), Arc::clone(&hash));
        tokio::spawn(async move {
            let place = places.acquire_owned().await;
            let work = move || {
                let _place = place;
                hash(&password)
            };
            spawn_blocking(work).await
        })
    });
    let hashes = try_join_all(tasks).await?;
    Ok(hashes.into_iter().collect::<Result<_, _>>()?)
}
