//! "`try_join_all` is `join_all` for results": it drops the others at the first error.
//!
//! Caught by: keeps every result when one service fails

use exam::{Failure, Service};
use futures::future::try_join_all;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    match try_join_all(services.iter().map(Service::ask)).await {
        Ok(answers) => answers.into_iter().map(Ok).collect(),
        Err(failure) => vec![Err(failure)],
    }
}
