//! "A `FuturesUnordered` keeps the order": it returns what is done first.
//!
//! Caught by: returns the hashes in the order of the passwords

use std::sync::Arc;

use executor_offload::WorkError;
use futures::stream::{FuturesUnordered, TryStreamExt};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let works: FuturesUnordered<_> = passwords
        .into_iter()
        .map(|password| {
            let (places, hash) = (Arc::clone(&places), Arc::clone(&hash));
            async move {
                let place = places.acquire_owned().await;
                let work = move || {
                    let _place = place;
                    hash(&password)
                };
                Ok(spawn_blocking(work).await?)
            }
        })
        .collect();
    works.try_collect().await
}
