//! "I collect results with `try_collect`": at the first refusal it also throws away the offers.
//!
//! Caught by: counts offers, but not refusals

use exam::Service;
use futures::stream::{FuturesUnordered, StreamExt, TryStreamExt};

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    replies.take(3).try_collect().await.unwrap_or_default()
}
