//! "No service takes longer than a minute": and all or nothing becomes all but one.
//!
//! Caught by: keeps an empty answer, a late one, and those of replicas

use std::time::Duration;

use exam::{Failure, Service};
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::time::timeout;

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let minute = Duration::from_secs(60);
    let mut calls: FuturesUnordered<_> = services
        .iter()
        .enumerate()
        .map(async |(number, service)| (number, timeout(minute, service.ask()).await))
        .collect();
    let mut answers = Vec::new();
    while let Some((number, answer)) = calls.next().await {
        if let Ok(answer) = answer {
            answers.push((number, answer?));
        }
    }
    answers.sort();
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}
