//! "I try `try_acquire` for both, and sleep for a moment if one fails": all waiting pages wake up every millisecond, and chance decides which is next.
//!
//! Caught by: sleeps while nothing comes

use exam::{Failure, Service};
use futures::future::join_all;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::Semaphore;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let hosts: HashMap<_, _> = pages.iter().map(|(host, _)| (host, Semaphore::new(2))).collect();
    let all = Semaphore::new(3);
    join_all(pages.iter().map(async |(host, address)| {
        let _both = loop {
            if let (Ok(host), Ok(all)) = (hosts[host].try_acquire(), all.try_acquire()) {
                break (host, all);
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        };
        fetch.call(address).await
    }))
    .await
}
