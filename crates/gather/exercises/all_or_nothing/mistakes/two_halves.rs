//! "`try_join_all` works up to thirty, so I use one for each half": a half may also be larger.
//!
//! Caught by: does the same with a thousand services

use exam::{Failure, Service};
use futures::future::try_join_all;

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let (left, right) = services.split_at(services.len() / 2);
    let ask = |services: &[Service]| try_join_all(services.iter().map(Service::ask).collect::<Vec<_>>());
    let (left, right) = tokio::try_join!(ask(left), ask(right))?;
    Ok([left, right].concat())
}
