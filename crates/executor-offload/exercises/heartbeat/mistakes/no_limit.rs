//! "The pool knows how many it can run": it runs up to 512 at once.
//!
//! Caught by: never hashes more than two at once

use std::sync::Arc;

use executor_offload::WorkError;
use futures::future::try_join_all;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let works = passwords.into_iter().map(|password| {
        let hash = Arc::clone(&hash);
        spawn_blocking(move || hash(&password))
    });
    Ok(try_join_all(works).await?)
}
