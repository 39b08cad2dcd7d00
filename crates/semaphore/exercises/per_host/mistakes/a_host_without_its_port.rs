//! "The port is not part of the host": `cdn:80` and `cdn:81` are two hosts in the list, and share one limit here.
//!
//! Caught by: keeps hosts, pages and results unchanged

use std::collections::HashMap;

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::Semaphore;

/// Fetches all pages, at most two at once from each host and at most three in all, and returns every result in the order of the pages.
#[expect(clippy::expect_used, reason = "nobody outside can close the semaphores")]
pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let hosts: HashMap<_, _> =
        pages.iter().map(|(host, _)| (host.split(':').next().unwrap_or(""), Semaphore::new(2))).collect();
    let all = Semaphore::new(3);
    let requests = pages.iter().map(async |(host, address)| {
        // The host's first: who waits for a slow host holds no place that another host could use.
        let _host =
            hosts[host.split(':').next().unwrap_or("")].acquire().await.expect("a host's semaphore is never closed");
        let _all = all.acquire().await.expect("this semaphore is never closed");
        fetch.call(address).await
    });
    join_all(requests).await
}
