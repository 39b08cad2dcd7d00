//! "I sort by the place": as texts, 10 comes before 9.
//!
//! Caught by: returns the answers of a thousand services

use exam::{Failure, Service};
use futures::stream::FuturesUnordered;
use futures::{StreamExt, TryStreamExt};

type A = Result<Vec<String>, Failure>;

pub async fn all_or_nothing(services: Vec<Service>) -> A {
    let calls: FuturesUnordered<_> = services
        .iter()
        .enumerate()
        .map(|(n, s)| {
            let c = s.ask();
            async move { c.await.map(|a| (format!("{n}"), a)) }
        })
        .collect();
    let mut all: Vec<(String, String)> = calls.try_collect().await?;
    all.sort();
    Ok(all.into_iter().map(|(_, a)| a).collect())
}
