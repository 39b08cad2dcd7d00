//! "No insurer refuses": `unwrap` panics at a refusal.
//!
//! Caught by: counts offers, but not refusals

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    replies.take(3).map(|reply| reply.unwrap()).collect().await
}
