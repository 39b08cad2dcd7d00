//! "`insert` adds what is missing": it replaces the semaphore for every page, so the pages of a host do not share one.
//!
//! Caught by: never fetches more than two pages of a host at once

use std::collections::HashMap;

use exam::{Failure, Service};
use futures::future::join_all;
use std::sync::Arc;
use tokio::sync::Semaphore;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let (mut hosts, all) = (HashMap::new(), Semaphore::new(3));
    let requests = pages.iter().map(|(host, address)| {
        hosts.insert(host, Arc::new(Semaphore::new(2)));
        let (host, all, fetch) = (hosts[host].clone(), &all, &fetch);
        async move {
            let _host = host.acquire().await.unwrap();
            let _all = all.acquire().await.unwrap();
            fetch.call(address).await
        }
    });
    join_all(requests.collect::<Vec<_>>()).await
}
