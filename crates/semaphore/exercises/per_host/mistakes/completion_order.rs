//! "A `FuturesUnordered` keeps the order": it returns what is ready first.
//!
//! Caught by: returns the results in the order of the pages

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use semaphore::PerHost;
use tokio::sync::Semaphore;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let (hosts, all) = (PerHost::new(2), Semaphore::new(3));
    let requests = pages.iter().map(async |(host, address)| {
        let _host = hosts.acquire(host).await;
        let _all = all.acquire().await.unwrap();
        fetch.call(address).await
    });
    requests.collect::<FuturesUnordered<_>>().collect().await
}
