//! "`buffered` is how one runs a stream of futures": with a limit of ten, which three services do not reach.
//!
//! Caught by: asks a thousand services at once as well

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    stream::iter(services.iter().map(Service::ask)).buffered(10).collect().await
}
