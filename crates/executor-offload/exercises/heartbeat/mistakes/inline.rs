//! "An `async fn` does not block": it computes in its own poll, and keeps the thread.
//!
//! Caught by: lets the heart beat while it hashes

use std::sync::Arc;

use executor_offload::WorkError;
use tokio::sync::Semaphore;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    Ok(passwords.iter().map(|password| hash(password)).collect())
}
