//! "A host that fails needs a pause": its next page could start immediately.
//!
//! Caught by: goes on when pages fail

use std::collections::HashMap;
use std::time::Duration;

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::Semaphore;
use tokio::time::sleep;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let hosts: HashMap<_, _> = pages.iter().map(|(host, _)| (host, Semaphore::new(2))).collect();
    let all = Semaphore::new(3);
    let one = async |(host, address): &(String, String)| {
        let _host = hosts[host].acquire().await;
        let place = all.acquire().await;
        let page = fetch.call(address).await;
        drop(place);
        if page.is_err() {
            sleep(Duration::from_millis(20)).await;
        }
        page
    };
    join_all(pages.iter().map(one)).await
}
