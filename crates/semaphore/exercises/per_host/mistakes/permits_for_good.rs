//! "The limits are for the whole program, with a release at the end": a call that is dropped never reaches its end.
//!
//! Caught by: has all places again after its caller gave up

use exam::{Failure, Service};
use futures::future::join_all;
use semaphore::PerHost;
use std::sync::LazyLock;
use tokio::sync::Semaphore;
static HOSTS: LazyLock<PerHost> = LazyLock::new(|| PerHost::new(2));
static ALL: Semaphore = Semaphore::const_new(3);

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    join_all(pages.iter().map(async |(host, address)| {
        let _host = HOSTS.acquire(host).await;
        ALL.acquire().await.unwrap().forget();
        let result = fetch.call(address).await;
        ALL.add_permits(1);
        result
    }))
    .await
}
