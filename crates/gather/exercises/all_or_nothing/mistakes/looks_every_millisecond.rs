//! "I check every millisecond": the processor never sleeps.
//!
//! Caught by: asks all services at once

use exam::{Failure, Service};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let mut calls = JoinSet::new();
    let mut answers = vec![String::new(); services.len()];
    for (number, service) in services.into_iter().enumerate() {
        calls.spawn(async move { (number, service.ask().await) });
    }
    while !calls.is_empty() {
        while let Some(ended) = calls.try_join_next() {
            let (number, result) = ended.unwrap();
            answers[number] = result?;
        }
        sleep(Duration::from_millis(1)).await;
    }
    Ok(answers)
}
