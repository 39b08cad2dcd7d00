//! "Nobody remembers capitals": two passwords that differ only in them have one hash.
//!
//! Caught by: keeps passwords and hashes unchanged

use std::sync::Arc;

use executor_offload::WorkError;
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::sync::Semaphore;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let mut hashes = vec![String::new(); passwords.len()];
    let mut all: FuturesUnordered<_> = passwords
        .into_iter()
        .enumerate()
        .map(|(n, password)| {
            let (places, hash) = (Arc::clone(&places), Arc::clone(&hash));
            async move {
                let permit = places.acquire_owned().await.unwrap();
                tokio::task::spawn_blocking(move || {
                    let result = hash(&password.to_lowercase());
                    drop(permit);
                    (n, result)
                })
                .await
            }
        })
        .collect();
    while let Some(done) = all.next().await {
        let done = done?;
        hashes[done.0] = done.1;
    }
    Ok(hashes)
}
