//! "`buffer_unordered(3)` is the limit for all": a page that waits for its host holds one of the three places.
//!
//! Caught by: fetches a page as soon as both limits allow it

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};
use semaphore::PerHost;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let hosts = PerHost::new(2);
    let requests = pages.iter().enumerate().map(async |(number, (host, address))| {
        let _host = hosts.acquire(host).await;
        (number, fetch.call(address).await)
    });
    let mut results: Vec<_> = stream::iter(requests).buffer_unordered(3).collect().await;
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}
