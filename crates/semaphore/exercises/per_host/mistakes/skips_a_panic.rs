//! "Each task returns its page": a task that panicked returns none, and `flatten` hides that.
//!
//! Caught by: passes on that a call panicked

use exam::{Failure, Service};
use semaphore::PerHost;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let limits = Arc::new((PerHost::new(2), Semaphore::new(3)));
    let mut tasks = JoinSet::new();
    for (place, (host, address)) in pages.into_iter().enumerate() {
        let (limits, fetch) = (limits.clone(), fetch.clone());
        tasks.spawn(async move {
            let (hosts, all) = &*limits;
            let _host = hosts.acquire(&host).await;
            let _all = all.acquire().await.unwrap();
            (place, fetch.call(&address).await)
        });
    }
    let mut ended = Vec::new();
    while let Some(one) = tasks.join_next().await {
        ended.push(one);
    }
    let mut results: Vec<_> = ended.into_iter().flatten().collect();
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}
