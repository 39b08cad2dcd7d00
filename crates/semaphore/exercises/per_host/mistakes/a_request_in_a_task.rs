//! "The request is a task": it goes on after the caller has given up.
//!
//! Caught by: stops everything when its caller gives up

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
        let _host = hosts[host.as_str()].acquire().await.unwrap();
        let _all = all.acquire().await.unwrap();
        tokio::spawn(fetch.call(address)).await.unwrap()
    });
    join_all(requests).await
}
