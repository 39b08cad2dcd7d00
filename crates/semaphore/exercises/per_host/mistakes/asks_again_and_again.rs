//! "If the host is busy, I release the place and try again later": a place is free, and the page that could use it sleeps.
//!
//! Caught by: fetches a page as soon as both limits allow it

use exam::{Failure, Service};
use futures::future::join_all;
use std::collections::HashMap;
use tokio::sync::Semaphore;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let hosts: HashMap<_, _> = pages.iter().map(|(host, _)| (host, Semaphore::new(2))).collect();
    let all = Semaphore::new(3);
    join_all(pages.iter().map(async |(host, address)| {
        loop {
            let _all = all.acquire().await.unwrap();
            let Ok(_host) = hosts[host].try_acquire() else {
                drop(_all);
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
                continue;
            };
            break fetch.call(address).await;
        }
    }))
    .await
}
