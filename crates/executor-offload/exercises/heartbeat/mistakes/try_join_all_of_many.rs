//! "`try_join_all` returns at the first error": with more than 30 futures, only after all earlier futures have ended.
//!
//! Caught by: returns an error when a hash panics, and starts no other

use std::sync::Arc;

use executor_offload::WorkError;
use futures::future::try_join_all;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let one = async |password: String| {
        let place = Arc::clone(&places).acquire_owned().await.map_err(|_closed| WorkError::NeverRan)?;
        let hash = Arc::clone(&hash);
        let work = move || {
            let _place = place;
            hash(&password)
        };
        Ok(spawn_blocking(work).await?)
    };
    try_join_all(passwords.into_iter().map(one)).await
}
