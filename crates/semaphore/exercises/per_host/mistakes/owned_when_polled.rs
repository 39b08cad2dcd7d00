//! "`AbortOnDropHandle` owns the task": a block makes it at its first poll, and holds a plain handle until then.
//!
//! Caught by: stops everything when its caller gives up

use std::collections::HashMap;
use std::sync::Arc;

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

type R = Vec<Result<String, Failure>>;

fn hosts(pages: &[(String, String)]) -> HashMap<String, Arc<Semaphore>> {
    pages.iter().map(|(h, _)| (h.clone(), Arc::new(Semaphore::new(2)))).collect()
}

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> R {
    let hosts = hosts(&pages);
    let all = Arc::new(Semaphore::new(3));
    let mut set = JoinSet::new();
    for (n, (host, address)) in pages.iter().enumerate() {
        let (host, all, call) = (Arc::clone(&hosts[host]), Arc::clone(&all), fetch.call(address));
        let h = tokio::spawn(async move {
            let _h = host.acquire().await;
            let _a = all.acquire().await;
            call.await
        });
        set.spawn(async move { (n, AbortOnDropHandle::new(h).await.unwrap()) });
    }
    let mut all = set.join_all().await;
    all.sort_by_key(|(n, _)| *n);
    all.into_iter().map(|(_, r)| r).collect()
}
