//! "Spawn all, then await the handles": as `create_task` taught; a caller that gives up leaves them all running.
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
