//! "The order of the two permits does not matter": three pages of a slow host hold all places, and one of them only waits.
//!
//! Caught by: fetches a page as soon as both limits allow it

use exam::{Failure, Service};
use futures::future::join_all;
use semaphore::PerHost;
use tokio::sync::Semaphore;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let (hosts, all) = (PerHost::new(2), Semaphore::new(3));
    join_all(pages.iter().map(async |(host, address)| {
        let _all = all.acquire().await.unwrap();
        let _host = hosts.acquire(host).await;
        fetch.call(address).await
    }))
    .await
}
