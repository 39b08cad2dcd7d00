//! "A failure is not a result": only the good answers come back, and you cannot tell which service is missing.
//!
//! Caught by: keeps every result when one service fails

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let results = join_all(services.iter().map(Service::ask)).await;
    results.into_iter().filter(Result::is_ok).collect()
}
