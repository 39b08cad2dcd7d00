//! "`let _ = place` moves it in": it does not use the value, so the closure does not capture it, and the caller's future keeps it.
//!
//! Caught by: keeps the limit of two when a caller has given up

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
            let place = places.acquire_owned().await;
            let work = move || {
                let _ = place;
                hash(&password)
            };
            Ok(spawn_blocking(work).await?)
        }
    });
    try_join_all(works).await
}
