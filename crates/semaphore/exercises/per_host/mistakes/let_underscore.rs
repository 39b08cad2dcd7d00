//! "I do not use the permits, so I call them `_`": `_` is not a variable, and both are dropped immediately.
//!
//! Caught by: never fetches more than two pages of a host at once

use exam::{Failure, Service};
use futures::future::join_all;
use semaphore::PerHost;
use tokio::sync::Semaphore;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let (hosts, all) = (PerHost::new(2), Semaphore::new(3));
    join_all(pages.iter().map(async |(host, address)| {
        let _ = hosts.acquire(host).await;
        let _ = all.acquire().await;
        fetch.call(address).await
    }))
    .await
}
