//! "`tokio::spawn` moves it elsewhere": it moves to another task, on the same thread.
//!
//! Caught by: lets the heart beat while it hashes

use std::sync::Arc;

use executor_offload::WorkError;
use futures::future::try_join_all;
use tokio::sync::Semaphore;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let tasks = passwords.into_iter().map(|password| {
        let (places, hash) = (Arc::clone(&places), Arc::clone(&hash));
        tokio::spawn(async move {
            let _place = places.acquire().await;
            hash(&password)
        })
    });
    Ok(try_join_all(tasks).await?)
}
