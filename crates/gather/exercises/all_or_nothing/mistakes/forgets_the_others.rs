//! "After a failure I forget the others": `mem::forget` prevents the drop, and only the drop cancels a call.
//!
//! Caught by: drops the calls that it gives up

use std::mem;

use exam::{Failure, Service};
use futures::stream::{FuturesUnordered, StreamExt};

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let mut calls: FuturesUnordered<_> =
        services.iter().enumerate().map(async |(number, service)| Ok((number, service.ask().await?))).collect();
    let mut answers: Vec<(usize, String)> = Vec::new();
    while let Some(answer) = calls.next().await {
        match answer {
            Ok(answer) => answers.push(answer),
            Err(failure) => {
                mem::forget(calls);
                return Err(failure);
            }
        }
    }
    answers.sort_unstable_by_key(|(number, _)| *number);
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}
