//! "A panic may have been bad luck": it makes the call again, and the caller never learns of the bug.
//!
//! Caught by: passes on that a call panicked

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::task::JoinSet;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    join_all(services.into_iter().map(async |service| {
        let mut calls = JoinSet::new();
        loop {
            calls.spawn(service.ask());
            if let Some(Ok(result)) = calls.join_next().await {
                return result;
            }
        }
    }))
    .await
}
