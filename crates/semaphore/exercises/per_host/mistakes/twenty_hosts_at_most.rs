//! "There are at most twenty hosts": all further hosts share one semaphore.
//!
//! Caught by: keeps both limits when pages take minutes, or are many

use exam::{Failure, Service};
use futures::future::join_all;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let hosts: HashMap<_, _> = pages.iter().map(|(host, _)| (host.as_str(), Semaphore::new(2))).collect();
    let all = Semaphore::new(3);
    let rest = Semaphore::new(2);
    let order: HashMap<_, _> = {
        let mut seen = HashMap::new();
        for (host, _) in &pages {
            let n = seen.len();
            seen.entry(host.as_str()).or_insert(n);
        }
        seen
    };
    let requests = pages.iter().map(async |(host, address)| {
        let _host = if order[host.as_str()] < 20 { &hosts[host.as_str()] } else { &rest }.acquire().await.unwrap();
        let _all = all.acquire().await.unwrap();
        fetch.call(address).await
    });
    join_all(requests).await
}
