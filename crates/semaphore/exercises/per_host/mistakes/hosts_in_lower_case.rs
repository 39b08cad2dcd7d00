//! "`CDN` and `cdn` are one host": the list has two.
//!
//! Caught by: keeps hosts, pages and results unchanged

use exam::{Failure, Service};
use futures::future::join_all;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let hosts: HashMap<_, _> = pages.iter().map(|(host, _)| (host.to_lowercase(), Semaphore::new(2))).collect();
    let all = Semaphore::new(3);
    let requests = pages.iter().map(async |(host, address)| {
        let _host = hosts[&host.to_lowercase()].acquire().await.unwrap();
        let _all = all.acquire().await.unwrap();
        fetch.call(address).await
    });
    join_all(requests).await
}
