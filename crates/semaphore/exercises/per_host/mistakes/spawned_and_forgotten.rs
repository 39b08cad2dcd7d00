//! "The tasks end when my future is dropped": a dropped `JoinHandle` detaches its task.
//!
//! Caught by: stops everything when its caller gives up

use exam::{Failure, Service};
use futures::future::join_all;
use semaphore::PerHost;
use std::sync::Arc;
use tokio::sync::Semaphore;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let limits = Arc::new((PerHost::new(2), Semaphore::new(3)));
    let tasks = pages.into_iter().map(|(host, address)| {
        let (limits, fetch) = (limits.clone(), fetch.clone());
        tokio::spawn(async move {
            let (hosts, all) = &*limits;
            let _host = hosts.acquire(&host).await;
            let _all = all.acquire().await.unwrap();
            fetch.call(&address).await
        })
    });
    join_all(tasks.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap).collect()
}
