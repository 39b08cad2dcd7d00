//! "When most have answered, I wait for the rest together": it notices a late failure when the slowest has answered.
//!
//! Caught by: returns at the first failure

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;

type A = Result<Vec<String>, Failure>;

pub async fn all_or_nothing(services: Vec<Service>) -> A {
    let mut calls: FuturesUnordered<_> = services
        .iter()
        .enumerate()
        .map(|(n, s)| {
            let c = s.ask();
            async move { (n, c.await) }
        })
        .collect();
    let mut all = Vec::new();
    let mut rest = FuturesUnordered::new();
    while let Some((n, r)) = calls.next().await {
        all.push((n, r?));
        if all.len() * 2 > services.len() {
            rest.push(calls);
            break;
        }
    }
    for calls in rest {
        for (n, r) in calls.collect::<Vec<_>>().await {
            all.push((n, r?));
        }
    }
    all.sort();
    Ok(all.into_iter().map(|(_, a)| a).collect())
}
