//! "I check every ten milliseconds which service is ready": it notices each result late.
//!
//! Caught by: asks a thousand services at once

use std::time::Duration;

use exam::{Failure, Service};
use futures::FutureExt;
use tokio::time::interval;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let mut calls: Vec<_> = services.iter().map(|service| Box::pin(service.ask())).collect();
    let mut results: Vec<Option<_>> = calls.iter().map(|_| None).collect();
    let mut tick = interval(Duration::from_millis(10));
    while results.iter().any(Option::is_none) {
        tick.tick().await;
        for (call, result) in calls.iter_mut().zip(&mut results) {
            if result.is_none() {
                *result = call.now_or_never();
            }
        }
    }
    results.into_iter().flatten().collect()
}
