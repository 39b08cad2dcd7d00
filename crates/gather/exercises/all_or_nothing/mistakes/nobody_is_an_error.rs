//! "Without services there is nothing to return": it waits for ever for a first result.
//!
//! Caught by: keeps an empty answer, a late one, and those of replicas

use exam::{Failure, Service};
use futures::future::select_all;

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let mut answers = vec![String::new(); services.len()];
    let mut calls: Vec<_> = services
        .iter()
        .enumerate()
        .map(|(number, service)| Box::pin(async move { (number, service.ask().await) }))
        .collect();
    loop {
        let ((number, result), _, rest) = select_all(calls).await;
        answers[number] = result?;
        if rest.is_empty() {
            return Ok(answers);
        }
        calls = rest;
    }
}
