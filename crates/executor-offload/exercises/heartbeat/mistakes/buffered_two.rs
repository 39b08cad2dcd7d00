//! "There are two places, so `buffered(2)`": a finished hash keeps its place until all earlier ones have ended.
//!
//! Caught by: uses a place as soon as it is free

use std::sync::Arc;

use executor_offload::WorkError;
use futures::{StreamExt, TryStreamExt, stream};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let hashing = passwords.into_iter().map(|password| {
        let (places, hash) = (places.clone(), hash.clone());
        async move {
            let place = places.acquire_owned().await.map_err(|_closed| WorkError::NeverRan)?;
            let work = move || {
                let _place = place;
                hash(&password)
            };
            Ok::<_, WorkError>(spawn_blocking(work).await?)
        }
    });
    stream::iter(hashing).buffered(2).try_collect().await
}
