//! "`join_all`, and then I look for errors": the rest is hashed for nothing.
//!
//! Caught by: returns an error when a hash panics, and starts no other

use std::sync::Arc;

use executor_offload::WorkError;
use futures::future::join_all;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let hashing = passwords.into_iter().map(async |password| {
        let place = places.clone().acquire_owned().await.map_err(|_closed| WorkError::NeverRan)?;
        let hash = hash.clone();
        let work = move || {
            let _place = place;
            hash(&password)
        };
        Ok(spawn_blocking(work).await?)
    });
    join_all(hashing).await.into_iter().collect()
}
