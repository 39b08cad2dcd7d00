//! "`AbortOnDropHandle` owns the task": a block makes it at its first poll, and holds a plain handle until then.
//!
//! Caught by: stops everything when its caller gives up

use exam::{Failure, Service};
use futures::StreamExt;
use futures::future::join_all;
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

type R = Result<String, Failure>;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<R> {
    let mut set = JoinSet::new();
    for (n, s) in services.iter().enumerate() {
        let h = tokio::spawn(s.ask());
        set.spawn(async move { (n, AbortOnDropHandle::new(h).await.unwrap()) });
    }
    let mut all = set.join_all().await;
    all.sort_by_key(|(n, _)| *n);
    all.into_iter().map(|(_, r)| r).collect()
}
