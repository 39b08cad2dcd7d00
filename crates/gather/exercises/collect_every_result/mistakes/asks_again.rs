//! "A failure may be temporary, so I try again": the task does not ask for it, and a service that is down gets twice the load.
//!
//! Caught by: keeps every result when one service fails

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let twice = async |service: &Service| match service.ask().await {
        Ok(answer) => Ok(answer),
        Err(_) => service.ask().await,
    };
    join_all(services.iter().map(twice)).await
}
