//! "I check `is_finished` every millisecond": it wakes up a thousand times a second for nothing.
//!
//! Caught by: waits without checking again and again

use std::sync::Arc;

use executor_offload::WorkError;
use futures::future::try_join_all;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    try_join_all(passwords.into_iter().map(async |password| {
        let place = places.clone().acquire_owned().await.map_err(|_closed| WorkError::NeverRan)?;
        let hash = hash.clone();
        let hashing = spawn_blocking(move || {
            let _place = place;
            hash(&password)
        });
        while !hashing.is_finished() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        Ok(hashing.await?)
    }))
    .await
}
