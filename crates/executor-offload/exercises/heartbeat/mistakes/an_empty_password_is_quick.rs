//! "An empty password takes no time": it is hashed on the thread of the runtime, and without a place.
//!
//! Caught by: keeps passwords and hashes unchanged

use std::sync::Arc;

use executor_offload::WorkError;
use futures::future::TryFutureExt;
use futures::stream::{FuturesUnordered, TryStreamExt};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Computes the hash of a password, and blocks its thread until it is done.
pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// Hashes all passwords, each in its own place, and returns the hashes in the order of the passwords.
pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let mut hashes = vec![String::new(); passwords.len()];
    let numbered = passwords.into_iter().enumerate().map(|(number, password)| {
        hash_one(Arc::clone(&places), Arc::clone(&hash), password).map_ok(move |hash| (number, hash))
    });
    // In the order in which they end, to notice an error immediately: `try_join_all` notices it late with more than 30.
    let mut ended: FuturesUnordered<_> = numbered.collect();
    while let Some((number, hash)) = ended.try_next().await? {
        hashes[number] = hash;
    }
    Ok(hashes)
}

async fn hash_one(places: Arc<Semaphore>, hash: Hash, password: String) -> Result<String, WorkError> {
    if password.is_empty() {
        return Ok(hash(&password));
    }
    let place = places.acquire_owned().await.map_err(|_closed| WorkError::NeverRan)?;
    let work = move || {
        // The closure holds the permit, because it goes on when the caller gives up.
        let _place = place;
        hash(&password)
    };
    Ok(spawn_blocking(work).await?)
}
