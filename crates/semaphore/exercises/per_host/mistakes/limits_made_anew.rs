//! "Each request needs its limits": a semaphore that a request makes for itself limits nothing.
//!
//! Caught by: never fetches more than two pages of a host at once

use exam::{Failure, Service};
use futures::future::join_all;
use semaphore::PerHost;
use tokio::sync::Semaphore;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let all = Semaphore::new(3);
    join_all(pages.iter().map(async |(host, address)| {
        let hosts = PerHost::new(2);
        let _host = hosts.acquire(host).await;
        let _all = all.acquire().await.unwrap();
        fetch.call(address).await
    }))
    .await
}
