//! "`JoinSet::join_all` returns the outputs in the order in which I spawned": it returns them in the order of completion.
//!
//! Caught by: returns the results in the order of the services

use exam::{Failure, Service};
use tokio::task::JoinSet;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let mut requests = JoinSet::new();
    for service in services {
        requests.spawn(service.ask());
    }
    requests.join_all().await
}
