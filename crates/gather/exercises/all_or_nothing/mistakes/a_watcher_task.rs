//! "I need a task that watches": it keeps running after the answer.
//!
//! Caught by: returns the answers in the order of the services

use exam::{Failure, Service};
use futures::stream::{FuturesUnordered, TryStreamExt};
use std::time::Duration;

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let all = services.clone();
    let calls: FuturesUnordered<_> =
        services.iter().enumerate().map(async |(number, service)| Ok((number, service.ask().await?))).collect();
    let answers: Result<Vec<(usize, String)>, Failure> = calls.try_collect().await;
    if answers.is_ok() {
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(60)).await;
            drop(all)
        });
    }
    let mut answers = answers?;
    answers.sort_unstable_by_key(|(number, _)| *number);
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}
