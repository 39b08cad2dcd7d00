//! "A page must not hang": what takes longer is left out, and what comes after it takes its place.
//!
//! Caught by: waits for a slow service as well

use std::time::Duration;

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::time::timeout;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let limit = Duration::from_secs(30);
    let calls = services.iter().map(|service| timeout(limit, service.ask()));
    join_all(calls).await.into_iter().flatten().collect()
}
