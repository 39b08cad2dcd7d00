//! "The closure waits for its place, and checks whether its caller is still there": each wait uses a thread of the pool.
//!
//! Caught by: leaves the pool to others while it waits

use std::sync::Arc;

use executor_offload::WorkError;
use futures::future::try_join_all;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::spawn_blocking;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let runtime = Handle::current();
    try_join_all(passwords.into_iter().map(async |password| {
        let (hash, places, runtime) = (hash.clone(), places.clone(), runtime.clone());
        let (_wanted, unwanted) = oneshot::channel::<()>();
        let work = move || {
            let place = async {
                tokio::select! {
                    biased;
                    _ = unwanted => None,
                    place = places.acquire() => place.ok(),
                }
            };
            let _place = runtime.block_on(place)?;
            Some(hash(&password))
        };
        spawn_blocking(work).await?.ok_or(WorkError::NeverRan)
    }))
    .await
}
