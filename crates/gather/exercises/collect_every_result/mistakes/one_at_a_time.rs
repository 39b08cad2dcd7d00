//! "It is async, so it runs at the same time": it awaits each request before it makes the next.
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
