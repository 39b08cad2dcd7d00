//! "Making the futures starts them", as in JavaScript: it makes them first, and then awaits them one by one.
//!
//! Caught by: asks all services at once

use exam::{Failure, Service};

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let requests: Vec<_> = services.iter().map(Service::ask).collect();
    let mut results = Vec::new();
    for request in requests {
        results.push(request.await);
    }
    results
}
