//! "An offer without a word is none": what an insurer offers is an offer.
//!
//! Caught by: takes two that look alike for two, and an offer as it is

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use std::future::ready;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    replies.filter_map(|reply| ready(reply.ok().filter(|offer| !offer.is_empty()))).take(3).collect().await
}
