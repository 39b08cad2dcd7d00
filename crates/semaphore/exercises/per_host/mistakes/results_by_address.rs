//! "A map holds the result of each address": a page that is in the list twice has one entry.
//!
//! Caught by: fetches a page twice if it is in the list twice

use exam::{Failure, Service};
use futures::future::join_all;
use semaphore::PerHost;
use std::collections::HashMap;
use tokio::sync::Semaphore;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let (hosts, all) = (PerHost::new(2), Semaphore::new(3));
    let mut results: HashMap<_, _> = join_all(pages.iter().map(async |(host, address)| {
        let _host = hosts.acquire(host).await;
        let _all = all.acquire().await.unwrap();
        (address, fetch.call(address).await)
    }))
    .await
    .into_iter()
    .collect();
    pages.iter().map(|(_, address)| results.remove(address).unwrap()).collect()
}
