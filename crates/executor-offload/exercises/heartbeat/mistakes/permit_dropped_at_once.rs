//! "`let _` keeps the permit": it drops the permit immediately.
//!
//! Caught by: never hashes more than two at once

use std::sync::Arc;

use executor_offload::WorkError;
use futures::future::try_join_all;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let works = passwords.into_iter().map(|password| {
        let (places, hash) = (Arc::clone(&places), Arc::clone(&hash));
        async move {
            let _ = places.acquire_owned().await;
            Ok(spawn_blocking(move || hash(&password)).await?)
        }
    });
    try_join_all(works).await
}
