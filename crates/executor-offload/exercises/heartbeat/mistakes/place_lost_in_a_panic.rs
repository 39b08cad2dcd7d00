//! "I release it in the last line": a panic skips that line.
//!
//! Caught by: returns an error when a hash panics, and starts no other

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
            places.acquire().await.map_err(|_| WorkError::NeverRan)?.forget();
            let work = move || {
                let result = hash(&password);
                places.add_permits(1);
                result
            };
            Ok(spawn_blocking(work).await?)
        }
    });
    try_join_all(works).await
}
