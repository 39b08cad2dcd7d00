//! "First I start them all, each in its place, and then I await them in order": the loop that waits for places does not notice an error.
//!
//! Caught by: returns an error when a hash panics, and starts no other

use std::sync::Arc;

use executor_offload::WorkError;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let mut hashing = Vec::new();
    for password in passwords {
        let place = places.clone().acquire_owned().await.map_err(|_closed| WorkError::NeverRan)?;
        let hash = hash.clone();
        hashing.push(spawn_blocking(move || {
            let _place = place;
            hash(&password)
        }));
    }
    let mut hashes = Vec::new();
    for hash in hashing {
        hashes.push(hash.await?);
    }
    Ok(hashes)
}
