//! "I spawn all, and then await the handles", as with `create_task`: if the caller gives up, all tasks keep running.
//!
//! Caught by: stops everything when its caller gives up

use exam::{Failure, Service};

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let handles: Vec<_> = services.iter().map(|service| tokio::spawn(service.ask())).collect();
    let mut results = Vec::new();
    for handle in handles {
        results.push(handle.await.expect("a call does not panic"));
    }
    results
}
