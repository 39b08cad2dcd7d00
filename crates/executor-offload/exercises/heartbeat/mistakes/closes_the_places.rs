//! "After an error, no hash may start, so I close the semaphore": other code uses it, too.
//!
//! Caught by: returns an error when a hash panics, and starts no other

use std::sync::Arc;

use executor_offload::WorkError;
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let mut hashes = vec![String::new(); passwords.len()];
    let one = async |number: usize, password: String| {
        let place = Arc::clone(&places).acquire_owned().await.map_err(|_closed| WorkError::NeverRan)?;
        let hash = Arc::clone(&hash);
        let work = move || {
            let _place = place;
            hash(&password)
        };
        Ok::<_, WorkError>((number, spawn_blocking(work).await?))
    };
    let all = passwords.into_iter().enumerate().map(|(number, password)| one(number, password));
    let mut ended: FuturesUnordered<_> = all.collect();
    while let Some(result) = ended.next().await {
        match result {
            Ok((number, hash)) => hashes[number] = hash,
            Err(error) => {
                places.close();
                return Err(error);
            }
        }
    }
    Ok(hashes)
}
