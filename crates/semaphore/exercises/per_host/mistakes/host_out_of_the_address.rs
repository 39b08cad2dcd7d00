//! "The host is what stands before the first slash": what a mirror has is of many hosts, and none of its pages counts for its host.
//!
//! Caught by: knows no host by its name

use exam::{Failure, Service};
use futures::future::join_all;
use semaphore::PerHost;
use tokio::sync::Semaphore;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let (hosts, all) = (PerHost::new(2), Semaphore::new(3));
    join_all(pages.iter().map(async |(_, address)| {
        let _host = hosts.acquire(address.split('/').next().unwrap()).await;
        let _all = all.acquire().await.unwrap();
        fetch.call(address).await
    }))
    .await
}
