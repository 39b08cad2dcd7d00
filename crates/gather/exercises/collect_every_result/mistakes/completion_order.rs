//! "A `FuturesUnordered` keeps the order": it returns what finishes first.
//!
//! Caught by: returns the results in the order of the services

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    services.iter().map(Service::ask).collect::<FuturesUnordered<_>>().collect().await
}
