//! "Two for each host is enough": with three hosts it makes six.
//!
//! Caught by: never fetches more than three pages at once

use exam::{Failure, Service};
use futures::future::join_all;
use semaphore::PerHost;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let hosts = PerHost::new(2);
    join_all(pages.iter().map(async |(host, address)| {
        let _host = hosts.acquire(host).await;
        fetch.call(address).await
    }))
    .await
}
