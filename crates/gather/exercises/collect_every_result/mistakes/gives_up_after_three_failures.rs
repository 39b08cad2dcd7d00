//! "After three failures the rest will fail, too": the other services are missing.
//!
//! Caught by: asks a thousand services at once

use exam::{Failure, Service};
use futures::stream::{FuturesUnordered, StreamExt};

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let mut calls: FuturesUnordered<_> = services.iter().enumerate().map(async |(n, s)| (n, s.ask().await)).collect();
    let mut results = Vec::new();
    let mut failures = 0;
    while let Some((number, result)) = calls.next().await {
        failures += usize::from(result.is_err());
        results.push((number, result));
        if failures == 3 {
            break;
        }
    }
    results.sort();
    results.into_iter().map(|(_, result)| result).collect()
}
