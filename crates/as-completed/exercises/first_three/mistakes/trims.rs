//! "Without the blanks it is easier to compare": an offer is what the insurer said.
//!
//! Caught by: takes two that look alike for two, and an offer as it is

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use std::future::ready;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    replies.filter_map(|reply| ready(reply.ok().map(|offer| offer.trim().to_owned()))).take(3).collect().await
}
