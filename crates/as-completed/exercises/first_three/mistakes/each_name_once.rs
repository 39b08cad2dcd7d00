//! "Nobody is asked twice": two insurers of the same name are two, and one of them was never asked.
//!
//! Caught by: takes two that look alike for two, and an offer as it is

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
