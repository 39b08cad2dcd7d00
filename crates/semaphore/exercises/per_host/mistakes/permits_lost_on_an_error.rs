//! "I release by hand, as in other languages": after a failure, the line that releases the permits does not run.
//!
//! Caught by: goes on when pages fail

use std::collections::HashMap;

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::Semaphore;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let hosts: HashMap<_, _> = pages.iter().map(|(host, _)| (host, Semaphore::new(2))).collect();
    let all = Semaphore::new(3);
    join_all(pages.iter().map(async |(host, address)| {
        let host = &hosts[host];
        host.acquire().await.unwrap().forget();
        all.acquire().await.unwrap().forget();
        let text = fetch.call(address).await?;
        all.add_permits(1);
        host.add_permits(1);
        Ok(text)
    }))
    .await
}
