//! "A panic may have been bad luck": it fetches the page again.
//!
//! Caught by: passes on that a call panicked

use exam::{Failure, Service};
use futures::future::join_all;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let hosts: HashMap<_, _> = pages.iter().map(|(host, _)| (host.as_str(), Semaphore::new(2))).collect();
    let all = Semaphore::new(3);
    let requests = pages.iter().map(async |(host, address)| {
        let _host = hosts[host.as_str()].acquire().await.unwrap();
        let _all = all.acquire().await.unwrap();
        loop {
            let mut once = tokio::task::JoinSet::new();
            once.spawn(fetch.call(address));
            if let Some(Ok(result)) = once.join_next().await {
                return result;
            }
        }
    });
    join_all(requests).await
}
