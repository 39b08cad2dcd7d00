//! "`buffered` runs a stream of futures": it has a limit of ten, and three services do not reach it.
//!
//! Caught by: asks a thousand services at once

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    stream::iter(services.iter().map(Service::ask)).buffered(10).collect().await
}
