//! "`block_in_place` is for blocking code": it needs other worker threads for the other tasks, and panics where there are none.
//!
//! Caught by: lets the heart beat while it hashes

use std::sync::Arc;

use executor_offload::WorkError;
use tokio::sync::Semaphore;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    Ok(passwords.iter().map(|password| tokio::task::block_in_place(|| hash(password))).collect())
}
