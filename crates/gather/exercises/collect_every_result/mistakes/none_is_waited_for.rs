//! "There is always a first": without services it waits for ever.
//!
//! Caught by: keeps what is late, what is empty, and blanks

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let count = services.len();
    stream::iter(services).map(|service| service.ask()).buffered(count).collect().await
}
