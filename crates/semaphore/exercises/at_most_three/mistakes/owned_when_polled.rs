//! "`AbortOnDropHandle` owns the task": a block makes it at its first poll, and holds a plain handle until then.
//!
//! Caught by: stops everything when its caller gives up

use std::sync::Arc;

use exam::{Failure, Service};
use futures::future::join_all;
use futures::{FutureExt, StreamExt};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

type R = Vec<Result<String, Failure>>;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> R {
    let sem = Arc::new(Semaphore::new(3));
    let mut set = JoinSet::new();
    for (n, page) in pages.iter().enumerate() {
        let permit = Arc::clone(&sem).acquire_owned().await.unwrap();
        let h = tokio::spawn(fetch.call(page));
        set.spawn(async move {
            let r = AbortOnDropHandle::new(h).await.unwrap();
            drop(permit);
            (n, r)
        });
    }
    let mut all = set.join_all().await;
    all.sort_by_key(|(n, _)| *n);
    all.into_iter().map(|(_, r)| r).collect()
}
