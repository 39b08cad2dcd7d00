//! "The hosts take turns in the list, so three pages at a time are never of one host": at the end, only one host is left.
//!
//! Caught by: never fetches more than two pages of a host at once

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let mut numbered: Vec<_> = pages.iter().enumerate().collect();
    let mut seen = std::collections::HashMap::new();
    numbered.sort_by_key(|(_, (host, _))| {
        let turn = seen.entry(host.clone()).or_insert(0);
        *turn += 1;
        *turn
    });
    let requests = numbered.into_iter().map(async |(number, (_, address))| (number, fetch.call(address).await));
    let mut results: Vec<_> = stream::iter(requests).buffer_unordered(3).collect().await;
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}
