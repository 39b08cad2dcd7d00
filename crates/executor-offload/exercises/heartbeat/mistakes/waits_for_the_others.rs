//! "I return the error when everything has ended": it waits for hashes that you cannot stop and no longer need.
//!
//! Caught by: returns an error when a hash panics, and starts no other

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use executor_offload::WorkError;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

pub type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;

pub async fn hash_all(places: Arc<Semaphore>, hash: Hash, passwords: Vec<String>) -> Result<Vec<String>, WorkError> {
    let broken = AtomicBool::new(false);
    let (places, hash, broken) = (&places, &hash, &broken);
    let one = async |(number, password): (usize, String)| {
        let Ok(place) = Arc::clone(places).acquire_owned().await else { return Err(WorkError::NeverRan) };
        if broken.load(Ordering::SeqCst) {
            return Err(WorkError::NeverRan);
        }
        let hash = Arc::clone(hash);
        let work = move || {
            let _place = place;
            hash(&password)
        };
        let hashed = spawn_blocking(work).await.inspect_err(|_| broken.store(true, Ordering::SeqCst))?;
        Ok((number, hashed))
    };
    let mut work: FuturesUnordered<_> = passwords.into_iter().enumerate().map(one).collect();
    let (mut hashes, mut error) = (Vec::new(), None);
    while let Some(hashed) = work.next().await {
        match hashed {
            Ok(hashed) => hashes.push(hashed),
            Err(wrong) => _ = error.get_or_insert(wrong),
        }
    }
    hashes.sort();
    match error {
        Some(error) => Err(error),
        None => Ok(hashes.into_iter().map(|(_, hash)| hash).collect()),
    }
}
