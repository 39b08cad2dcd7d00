//! "They come backwards, so I turn them round": true of the delays that were tried, and of no others.
//!
//! Caught by: returns the results in the order of the services

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let mut results: Vec<_> = services.iter().map(Service::ask).collect::<FuturesUnordered<_>>().collect().await;
    results.reverse();
    results
}
