//! "`cdn.` is `cdn`": the list names two hosts, and they share one limit here.
//!
//! Caught by: keeps hosts, pages and results unchanged

use std::collections::HashMap;

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::Semaphore;

/// Fetches all pages, at most two at once from each host and at most three in all, and returns every result in the order of the pages.
#[expect(clippy::expect_used, reason = "nobody outside can close the semaphores")]
pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let hosts: HashMap<_, _> = pages.iter().map(|(host, _)| (host.trim_end_matches('.'), Semaphore::new(2))).collect();
    let all = Semaphore::new(3);
    let requests = pages.iter().map(async |(host, address)| {
        // The host's first: who waits for a slow host holds no place that another host could use.
        let _host = hosts[host.trim_end_matches('.')].acquire().await.expect("a host's semaphore is never closed");
        let _all = all.acquire().await.expect("this semaphore is never closed");
        fetch.call(address).await
    });
    join_all(requests).await
}
