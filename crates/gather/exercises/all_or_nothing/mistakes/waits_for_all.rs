//! "Collecting into a `Result` stops at the first error": it starts only when all results are there.
//!
//! Caught by: returns at the first failure

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    join_all(services.iter().map(Service::ask)).await.into_iter().collect()
}
