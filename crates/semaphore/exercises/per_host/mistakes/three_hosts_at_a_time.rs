//! "Three places, so three hosts at a time": the fourth host waits until another has no page left.
//!
//! Caught by: lets no host wait until another is done

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};
use std::collections::BTreeMap;
use tokio::sync::Semaphore;

pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    let (all, fetch) = (&Semaphore::new(3), &fetch);
    let mut hosts = BTreeMap::<_, Vec<_>>::new();
    for (number, (host, address)) in pages.into_iter().enumerate() {
        hosts.entry(host).or_default().push((number, address));
    }
    let hosts = hosts.into_values().map(|pages| {
        let requests = pages.into_iter().map(move |(number, address)| async move {
            let _all = all.acquire().await.unwrap();
            (number, fetch.call(&address).await)
        });
        stream::iter(requests).buffer_unordered(2).collect::<Vec<_>>()
    });
    let mut results = stream::iter(hosts).buffer_unordered(3).collect::<Vec<_>>().await.concat();
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}
