//! "A limit for each shard is a limit for each host": hosts whose names begin alike share one limit.
//!
//! Caught by: takes the hosts from the list, not from names or addresses

use exam::{Failure, Service};
use futures::future::join_all;
use std::collections::HashMap;
use tokio::sync::Semaphore;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let hosts: HashMap<_, _> = pages.iter().map(|(host, _)| (host.chars().next(), Semaphore::new(2))).collect();
    let all = Semaphore::new(3);
    join_all(pages.iter().map(async |(host, address)| {
        let _host = hosts[&host.chars().next()].acquire().await.unwrap();
        let _all = all.acquire().await.unwrap();
        fetch.call(address).await
    }))
    .await
}
