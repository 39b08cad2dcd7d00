//! "The same password has the same hash": then equal hashes would show who has the same password.
//!
//! Caught by: keeps passwords and hashes unchanged

use std::sync::Arc;

use executor_offload::WorkError;
use futures::future::try_join_all;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let mut unique = passwords.clone();
    unique.sort();
    unique.dedup();
    let hashes = try_join_all(unique.iter().cloned().map(async |password| {
        let place = places.clone().acquire_owned().await.map_err(|_closed| WorkError::NeverRan)?;
        let hash = hash.clone();
        let work = move || {
            let _place = place;
            hash(&password)
        };
        Ok::<_, WorkError>(spawn_blocking(work).await?)
    }))
    .await?;
    Ok(passwords.iter().map(|password| hashes[unique.binary_search(password).unwrap()].clone()).collect())
}
