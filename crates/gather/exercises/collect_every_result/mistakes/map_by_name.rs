//! "A service's name is a good key": two replicas have the same name, so one result comes twice, and the other is lost.
//!
//! Caught by: asks a thousand services at once

use std::collections::HashMap;

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let calls = services.iter().map(async |service| (service.name(), service.ask().await));
    let by_name: HashMap<_, _> = join_all(calls).await.into_iter().collect();
    services.iter().map(|service| by_name[service.name()].clone()).collect()
}
