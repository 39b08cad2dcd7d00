//! "One insurer has one offer": it refuses, and `unwrap` panics.
//!
//! Caught by: returns fewer than three when there are no more

use exam::Service;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    if let [only] = insurers.as_slice() {
        return vec![only.ask().await.unwrap()];
    }
    let calls: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    calls.filter_map(|r| std::future::ready(r.ok())).take(3).collect().await
}
