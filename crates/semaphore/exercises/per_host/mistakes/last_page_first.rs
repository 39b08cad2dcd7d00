//! "The order of the requests does not matter, only the order of the results": it asks for the last pages first.
//!
//! Caught by: starts the pages of a host in their order

use exam::{Failure, Service};
use futures::future::join_all;
use semaphore::PerHost;
use tokio::sync::Semaphore;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let (hosts, all) = (PerHost::new(2), Semaphore::new(3));
    let mut results = join_all(pages.iter().rev().map(async |(host, address)| {
        let _host = hosts.acquire(host).await;
        let _all = all.acquire().await.unwrap();
        fetch.call(address).await
    }))
    .await;
    results.reverse();
    results
}
