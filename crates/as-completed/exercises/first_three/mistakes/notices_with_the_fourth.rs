//! "The loop ends when there are three": it checks before it takes one, so a fourth result must come first.
//!
//! Caught by: returns with the third offer

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    let mut offers = Vec::new();
    while let Some(reply) = replies.next().await {
        if offers.len() == 3 {
            break;
        }
        offers.extend(reply);
    }
    offers
}
