//! "There are two hosts": all other hosts share the rest.
//!
//! Caught by: takes the hosts from the list, not from names or addresses

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::Semaphore;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let (archive, cdn, others) = (Semaphore::new(2), Semaphore::new(2), Semaphore::new(2));
    let all = Semaphore::new(3);
    join_all(pages.iter().map(async |(host, address)| {
        let host = match host.as_str() {
            "archive" => &archive,
            "cdn" => &cdn,
            _ => &others,
        };
        let _host = host.acquire().await.unwrap();
        let _all = all.acquire().await.unwrap();
        fetch.call(address).await
    }))
    .await
}
