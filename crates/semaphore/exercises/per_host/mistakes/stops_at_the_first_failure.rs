//! "`try_join_all` is `join_all` for results": it drops the others at the first failure.
//!
//! Caught by: goes on when pages fail

use exam::{Failure, Service};
use futures::future::try_join_all;
use semaphore::PerHost;
use tokio::sync::Semaphore;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let (hosts, all) = (PerHost::new(2), Semaphore::new(3));
    let requests = pages.iter().map(async |(host, address)| {
        let _host = hosts.acquire(host).await;
        let _all = all.acquire().await.unwrap();
        fetch.call(address).await
    });
    match try_join_all(requests).await {
        Ok(texts) => texts.into_iter().map(Ok).collect(),
        Err(failure) => vec![Err(failure)],
    }
}
