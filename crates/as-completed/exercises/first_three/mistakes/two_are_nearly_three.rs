//! "Two are nearly three": after a second, two are enough for it.
//!
//! Caught by: keeps offers that look alike, and returns offers unchanged

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use std::time::Duration;
use tokio::time::Instant;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let begun = Instant::now();
    let mut replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    let mut offers = Vec::new();
    while offers.len() < 3 && (offers.len() < 2 || begun.elapsed() < Duration::from_secs(1)) {
        match replies.next().await {
            Some(reply) => offers.extend(reply.ok()),
            None => break,
        }
    }
    offers
}
