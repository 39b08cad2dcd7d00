//! "A first page that does not come is left out": it hides a panic of this one.
//!
//! Caught by: passes on that a call panicked

use std::collections::HashMap;
use std::sync::Arc;

use exam::{Failure, Service};
use tokio::sync::Semaphore;
use tokio_util::task::AbortOnDropHandle;

type R = Vec<Result<String, Failure>>;

fn hosts(pages: &[(String, String)]) -> HashMap<String, Arc<Semaphore>> {
    pages.iter().map(|(h, _)| (h.clone(), Arc::new(Semaphore::new(2)))).collect()
}

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> R {
    let hosts = hosts(&pages);
    let all = Arc::new(Semaphore::new(3));
    let tasks: Vec<_> = pages
        .iter()
        .map(|(host, address)| {
            let (host, all, call) = (Arc::clone(&hosts[host]), Arc::clone(&all), fetch.call(address));
            AbortOnDropHandle::new(tokio::spawn(async move {
                let _h = host.acquire().await;
                let _a = all.acquire().await;
                call.await
            }))
        })
        .collect();
    let mut tasks = tasks.into_iter();
    let mut results = Vec::new();
    if let Some(first) = tasks.next() {
        results.extend(first.await.ok());
    }
    for t in tasks {
        results.push(t.await.unwrap());
    }
    results
}
