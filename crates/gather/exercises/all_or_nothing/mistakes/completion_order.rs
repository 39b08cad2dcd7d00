//! "A `JoinSet` returns the outputs in the order in which I spawned the tasks": it returns what ends first.
//!
//! Caught by: returns the answers in the order of the services

use exam::{Failure, Service};
use tokio::task::JoinSet;

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let mut calls = JoinSet::new();
    for service in services {
        calls.spawn(service.ask());
    }
    let mut answers = Vec::new();
    while let Some(answer) = calls.join_next().await {
        answers.push(answer.expect("no service panics")?);
    }
    Ok(answers)
}
