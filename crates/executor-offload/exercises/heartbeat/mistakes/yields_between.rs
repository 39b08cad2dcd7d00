//! "I yield between two hashes": during each hash the heart stands still.
//!
//! Caught by: lets the heart beat while it hashes

use std::sync::Arc;

use executor_offload::WorkError;
use tokio::sync::Semaphore;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let mut hashes = Vec::new();
    for password in passwords {
        let _place = places.acquire().await;
        hashes.push(hash(&password));
        tokio::task::yield_now().await;
    }
    Ok(hashes)
}
