//! "Nobody asks more than 64": and with more, the rest waits for the first.
//!
//! Caught by: asks a hundred services at once as well

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let calls: Vec<_> = services.iter().map(Service::ask).collect();
    stream::iter(calls).buffered(64).collect().await
}
