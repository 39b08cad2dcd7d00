//! "Without blanks it is easier to compare": return each offer unchanged.
//!
//! Caught by: keeps offers that look alike, and returns offers unchanged

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use std::future::ready;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    replies.filter_map(|reply| ready(reply.ok().map(|offer| offer.trim().to_owned()))).take(3).collect().await
}
