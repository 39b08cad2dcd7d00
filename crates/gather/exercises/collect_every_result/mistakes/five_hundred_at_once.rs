//! "Nobody has more than five hundred services": the next one waits for its turn.
//!
//! Caught by: asks a thousand services at once

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    stream::iter(services).map(|service| service.ask()).buffered(500.max(1)).collect().await
}
