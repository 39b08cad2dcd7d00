//! "After ten failures the network is down": the task wants all other pages.
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
    let failures = std::cell::Cell::new(0);
    let requests = pages.iter().map(async |(host, address)| {
        let _host = hosts[host.as_str()].acquire().await.unwrap();
        let _all = all.acquire().await.unwrap();
        if failures.get() >= 10 {
            return Ok(String::new());
        }
        let result = fetch.call(address).await;
        failures.set(failures.get() + usize::from(result.is_err()));
        result
    });
    join_all(requests).await
}
