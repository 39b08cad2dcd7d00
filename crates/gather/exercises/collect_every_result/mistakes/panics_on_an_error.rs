//! "It worked when I tried it": `unwrap` turns a service's failure into a bug of the caller.
//!
//! Caught by: keeps every result when one service fails

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let answers = join_all(services.iter().map(async |service| service.ask().await.unwrap())).await;
    answers.into_iter().map(Ok).collect()
}
