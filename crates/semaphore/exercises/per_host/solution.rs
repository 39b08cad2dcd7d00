//! One good answer.

use std::collections::HashMap;

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::Semaphore;

/// Fetches all pages: at most two at once from each host, and at most three at once in all. Returns every result in the order of the pages.
#[expect(clippy::expect_used, reason = "no other code can close the semaphores")]
pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let hosts: HashMap<_, _> = pages.iter().map(|(host, _)| (host.as_str(), Semaphore::new(2))).collect();
    let all = Semaphore::new(3);
    let requests = pages.iter().map(async |(host, address)| {
        // The host's permit first: a page that waits for a slow host then holds no place that another host could use.
        let _host = hosts[host.as_str()].acquire().await.expect("a host's semaphore is never closed");
        let _all = all.acquire().await.expect("this semaphore is never closed");
        fetch.call(address).await
    });
    join_all(requests).await
}
