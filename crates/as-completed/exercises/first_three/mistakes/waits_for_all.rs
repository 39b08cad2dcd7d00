//! "First I wait for all, and then take the first three": it takes as long as the slowest.
//!
//! Caught by: returns with the third offer

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let replies: Vec<_> = insurers.iter().map(Service::ask).collect::<FuturesUnordered<_>>().collect().await;
    replies.into_iter().flatten().take(3).collect()
}
