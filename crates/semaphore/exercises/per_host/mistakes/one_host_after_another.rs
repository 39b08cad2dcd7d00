//! "I loop over the hosts, two pages at a time": one host waits until the other is done, and one of three places is never used.
//!
//! Caught by: fetches a page as soon as both limits allow it

use std::collections::HashMap;

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let mut hosts: Vec<&String> = Vec::new();
    for (host, _) in &pages {
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    let mut results = HashMap::new();
    for host in hosts {
        let of_host = pages.iter().enumerate().filter(|(_, page)| page.0 == *host);
        let requests = of_host.map(async |(number, (_, address))| (number, fetch.call(address).await));
        let some: Vec<_> = stream::iter(requests).buffer_unordered(2).collect().await;
        results.extend(some);
    }
    (0..pages.len()).map(|number| results.remove(&number).unwrap()).collect()
}
