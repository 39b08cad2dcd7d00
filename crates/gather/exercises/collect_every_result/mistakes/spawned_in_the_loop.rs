//! "If I spawn it, it is concurrent": it awaits each handle in the same turn of the loop.
//!
//! Caught by: asks all services at once

use exam::{Failure, Service};

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let mut results = Vec::new();
    for service in services {
        results.push(tokio::spawn(service.ask()).await.unwrap());
    }
    results
}
