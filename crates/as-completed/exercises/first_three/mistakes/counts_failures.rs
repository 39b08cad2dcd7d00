//! "I take three, and then keep the good ones": it takes three results, and a refusal is one of them.
//!
//! Caught by: counts offers, but not refusals

use std::future::ready;

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    replies.take(3).filter_map(|reply| ready(reply.ok())).collect().await
}
