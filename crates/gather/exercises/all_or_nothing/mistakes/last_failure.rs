//! "Any failure will do": it returns the failure that is first in the list, but that one came later.
//!
//! Caught by: returns at the first failure

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesOrdered;

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let mut calls: FuturesOrdered<_> = services.iter().map(Service::ask).collect();
    let mut answers = Vec::new();
    while let Some(answer) = calls.next().await {
        answers.push(answer?);
    }
    Ok(answers)
}
