//! "I use a thread of its own": `join` blocks the runtime until it is done.
//!
//! Caught by: lets the heart beat while it hashes

use std::sync::Arc;

use executor_offload::WorkError;
use tokio::sync::Semaphore;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let _place = places.acquire().await;
    let threads = passwords.into_iter().map(|password| {
        let hash = Arc::clone(&hash);
        std::thread::spawn(move || hash(&password)).join().map_err(|_| WorkError::NeverRan)
    });
    threads.collect()
}
