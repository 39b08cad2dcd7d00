//! "A map from the password to its hash": if two passwords are equal, one of their hashes is lost.
//!
//! Caught by: keeps passwords and hashes unchanged

use std::sync::Arc;

use executor_offload::WorkError;
use futures::future::TryFutureExt;
use futures::stream::{FuturesUnordered, TryStreamExt};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Computes the hash of a password, and blocks its thread meanwhile.
pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// Hashes all passwords, each in a place of its own, and returns the hashes in the order of the passwords.
pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let all = passwords.clone();
    let mut hashes = std::collections::HashMap::new();
    let numbered = passwords.into_iter().map(|password| {
        let number = password.clone();
        hash_one(Arc::clone(&places), Arc::clone(&hash), password).map_ok(move |hash| (number, hash))
    });
    // As they end, so that an error is seen at once: `try_join_all` sees it late when there are more than 30.
    let mut ended: FuturesUnordered<_> = numbered.collect();
    while let Some((number, hash)) = ended.try_next().await? {
        hashes.insert(number, hash);
    }
    Ok(all.iter().map(|password| hashes[password].clone()).collect())
}

async fn hash_one(places: Arc<Semaphore>, hash: Hash, password: String) -> Result<String, WorkError> {
    let place = places.acquire_owned().await.map_err(|_closed| WorkError::NeverRan)?;
    let work = move || {
        // The work holds the place: a caller that gives up does not end the work.
        let _place = place;
        hash(&password)
    };
    Ok(spawn_blocking(work).await?)
}
