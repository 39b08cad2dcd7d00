//! "The host is the part of the address before the first slash": a mirror has pages of many hosts, and they count for the wrong host.
//!
//! Caught by: takes the hosts from the list, not from names or addresses

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
