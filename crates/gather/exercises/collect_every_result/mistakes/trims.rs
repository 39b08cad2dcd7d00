//! "Nobody wants the blanks at the end": what was said is the result, as it is.
//!
//! Caught by: keeps what is late, what is empty, and blanks

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let results = join_all(services.iter().map(Service::ask)).await;
    results.into_iter().map(|result| result.map(|text| text.trim().to_owned())).collect()
}
