//! "Ten minutes are enough": the task asks for no limit.
//!
//! Caught by: keeps an empty answer, a late one, and those of replicas

use exam::{Failure, Service};
use futures::future::Either;
use futures::stream::{FuturesUnordered, TryStreamExt};
use std::future::pending;
use std::time::Duration;
use tokio::time::timeout;

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let calls: FuturesUnordered<_> = services
        .iter()
        .enumerate()
        .map(async |(number, service)| {
            let answer = timeout(Duration::from_mins(10), service.ask()).await;
            Ok((number, answer.unwrap_or_else(|_| Ok(String::new()))?))
        })
        .collect();
    let mut answers: Vec<(usize, String)> = calls.try_collect().await?;
    answers.sort_unstable_by_key(|(number, _)| *number);
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}
