//! "A hash does not panic": one does, and `unwrap` passes the panic to the caller.
//!
//! Caught by: returns an error when a hash panics, and starts no other

use std::sync::Arc;

use executor_offload::WorkError;
use futures::future::join_all;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let works = passwords.into_iter().map(|password| {
        let (places, hash) = (Arc::clone(&places), Arc::clone(&hash));
        async move {
            let place = places.acquire_owned().await.unwrap();
            let work = move || {
                let _place = place;
                hash(&password)
            };
            spawn_blocking(work).await.unwrap()
        }
    });
    Ok(join_all(works).await)
}
