//! "`spawn_blocking` makes it concurrent": it awaits each one in the loop.
//!
//! Caught by: hashes two at once

use std::sync::Arc;

use executor_offload::WorkError;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let mut hashes = Vec::new();
    for password in passwords {
        let place = Arc::clone(&places).acquire_owned().await;
        let hash = Arc::clone(&hash);
        let work = move || {
            let _place = place;
            hash(&password)
        };
        hashes.push(spawn_blocking(work).await?);
    }
    Ok(hashes)
}
