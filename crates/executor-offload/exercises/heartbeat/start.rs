//! Hash passwords without blocking the runtime. README.md beside this file describes the task.

use std::sync::Arc;

use executor_offload::WorkError;
use tokio::sync::Semaphore;

/// Computes the hash of a password, and blocks its thread until it is done.
pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// Hashes all passwords, each in its own place, and returns the hashes in the order of the passwords.
pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    todo!()
}
