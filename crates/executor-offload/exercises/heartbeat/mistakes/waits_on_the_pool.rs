//! "To wait for a place also blocks": each wait uses a thread of the pool, and goes on when the caller has given up.
//!
//! Caught by: starts no other hash when its caller has given up

use std::sync::Arc;

use executor_offload::WorkError;
use futures::future::try_join_all;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let runtime = tokio::runtime::Handle::current();
    let works = passwords.into_iter().map(|password| {
        let (places, hash, runtime) = (Arc::clone(&places), Arc::clone(&hash), runtime.clone());
        spawn_blocking(move || {
            let _place = runtime.block_on(places.acquire_owned());
            hash(&password)
        })
    });
    Ok(try_join_all(works).await?)
}
