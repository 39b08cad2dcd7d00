//! "I take both permits together, so no page waits with one": `join!` holds the place while it waits for the host.
//!
//! Caught by: fetches a page as soon as both limits allow it

use exam::{Failure, Service};
use futures::future::join_all;
use semaphore::PerHost;
use tokio::sync::Semaphore;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let (hosts, all) = (PerHost::new(2), Semaphore::new(3));
    join_all(pages.iter().map(async |(host, address)| {
        let (_host, _all) = tokio::join!(hosts.acquire(host), all.acquire());
        fetch.call(address).await
    }))
    .await
}
