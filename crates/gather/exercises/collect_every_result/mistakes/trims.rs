//! "The blanks do not matter": the task asks for each result unchanged.
//!
//! Caught by: keeps late and empty results, and blanks

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let results = join_all(services.iter().map(Service::ask)).await;
    results.into_iter().map(|result| result.map(|text| text.trim().to_owned())).collect()
}
