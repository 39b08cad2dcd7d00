//! "A task that panicked has no answer": it has no failure either, so the list is `Ok` and too short.
//!
//! Caught by: passes on that a call panicked

use std::collections::BTreeMap;

use exam::{Failure, Service};
use tokio::task::JoinSet;

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let mut calls = JoinSet::new();
    for (number, service) in services.into_iter().enumerate() {
        calls.spawn(async move { (number, service.ask().await) });
    }
    let mut answers = BTreeMap::new();
    while let Some(ended) = calls.join_next().await {
        if let Ok((number, answer)) = ended {
            answers.insert(number, answer?);
        }
    }
    Ok(answers.into_values().collect())
}
