//! "I ask no insurer twice": two insurers have the same name, and one of them is never asked.
//!
//! Caught by: keeps offers that look alike, and returns offers unchanged

use std::collections::HashSet;
use std::future::ready;

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut asked = HashSet::new();
    let insurers = insurers.iter().filter(|insurer| asked.insert(insurer.name().to_owned()));
    let replies: FuturesUnordered<_> = insurers.map(Service::ask).collect();
    replies.filter_map(|reply| ready(reply.ok())).take(3).collect().await
}
