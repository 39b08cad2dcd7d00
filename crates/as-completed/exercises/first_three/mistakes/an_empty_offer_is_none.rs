//! "An offer without text is not an offer": it is one.
//!
//! Caught by: keeps offers that look alike, and returns offers unchanged

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use std::future::ready;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    replies.filter_map(|reply| ready(reply.ok().filter(|offer| !offer.is_empty()))).take(3).collect().await
}
