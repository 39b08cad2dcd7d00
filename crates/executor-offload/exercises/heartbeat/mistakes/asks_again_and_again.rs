//! "I try until there is a place": the task is polled all the time, for nothing.
//!
//! Caught by: waits without checking again and again

use std::sync::Arc;

use executor_offload::WorkError;
use futures::future::try_join_all;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let works = passwords.into_iter().map(|password| {
        let (places, hash) = (Arc::clone(&places), Arc::clone(&hash));
        async move {
            let place = loop {
                match Arc::clone(&places).try_acquire_owned() {
                    Ok(place) => break place,
                    Err(_) => tokio::task::yield_now().await,
                }
            };
            let work = move || {
                let _place = place;
                hash(&password)
            };
            Ok(spawn_blocking(work).await?)
        }
    });
    try_join_all(works).await
}
