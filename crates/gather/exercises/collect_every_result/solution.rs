//! One good answer.

use exam::{Failure, Service};
use futures::future::join_all;

/// Asks all services at once, and returns every result, answers and failures, in the order of the services.
pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    join_all(services.iter().map(Service::ask)).await
}
