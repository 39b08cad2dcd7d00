//! "It is async, so it runs at once": each request is awaited before the next is made.
//!
//! Caught by: asks all services at once

use exam::{Failure, Service};

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let mut results = Vec::new();
    for service in &services {
        results.push(service.ask().await);
    }
    results
}
