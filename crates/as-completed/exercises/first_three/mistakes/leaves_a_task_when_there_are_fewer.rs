//! "If there are fewer, I try again in a minute": nobody stops that task.
//!
//! Caught by: returns fewer than three when there are no more

use std::time::Duration;

use exam::Service;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let calls: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    let three: Vec<_> = calls.filter_map(|r| std::future::ready(r.ok())).take(3).collect().await;
    if three.len() < 3 {
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(60)).await;
            drop(insurers);
        });
    }
    three
}
