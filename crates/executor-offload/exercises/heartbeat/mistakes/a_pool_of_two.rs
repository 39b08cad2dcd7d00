//! "A pool of two threads is the limit": it limits this pool, and other code does not know it.
//!
//! Caught by: shares the places with others

use std::sync::Arc;

use executor_offload::WorkError;
use futures::future::try_join_all;
use tokio::sync::Semaphore;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(2).build() else { return Err(WorkError::NeverRan) };
    let works = passwords.into_iter().map(|password| {
        let hash = Arc::clone(&hash);
        executor_offload::on_own_pool(&pool, move || hash(&password))
    });
    try_join_all(works).await
}
