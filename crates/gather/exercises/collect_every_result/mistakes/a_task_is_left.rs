//! "I put a timer beside it": the timer keeps running after the answer.
//!
//! Caught by: returns the results in the order of the services

use exam::{Failure, Service};
use futures::future::join_all;
use std::time::Duration;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    tokio::spawn(tokio::time::sleep(Duration::from_secs(100)));
    join_all(services.iter().map(Service::ask)).await
}
