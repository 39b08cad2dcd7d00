//! "No page should wait longer than a minute for a place": when the hosts are slowest, all waiting pages start at once.
//!
//! Caught by: keeps both limits when pages take minutes, or are many

use exam::{Failure, Service};
use futures::future::join_all;
use semaphore::PerHost;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let (hosts, all) = (PerHost::new(2), Semaphore::new(3));
    join_all(pages.iter().map(async |(host, address)| {
        let _host = hosts.acquire(host).await;
        let _all = timeout(Duration::from_mins(1), all.acquire()).await;
        fetch.call(address).await
    }))
    .await
}
