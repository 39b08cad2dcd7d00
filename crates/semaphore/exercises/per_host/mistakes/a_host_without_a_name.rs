//! "A host without a name is not a host": the empty name is also a name.
//!
//! Caught by: keeps hosts, pages and results unchanged

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
        let _host = if host.is_empty() { None } else { Some(hosts[host.as_str()].acquire().await.unwrap()) };
        let _all = all.acquire().await.unwrap();
        fetch.call(address).await
    });
    join_all(requests).await
}
