//! "There is always a first service": without services it waits for ever.
//!
//! Caught by: keeps late and empty results, and blanks

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let count = services.len();
    stream::iter(services).map(|service| service.ask()).buffered(count).collect().await
}
