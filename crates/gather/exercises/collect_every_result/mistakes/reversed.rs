//! "They come in reverse order, so I reverse the list": this is true only for the delays that the author tried.
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
