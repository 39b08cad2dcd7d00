//! "`try_join_all` fails fast": it does, with up to 30 futures.
//!
//! Caught by: does the same with a thousand services

use exam::{Failure, Service};
use futures::future::try_join_all;

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    try_join_all(services.iter().map(Service::ask)).await
}
