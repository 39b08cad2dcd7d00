//! "I take everything that is ready": then there may be four.
//!
//! Caught by: takes three even when offers come at the same instant

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies = insurers.iter().map(Service::ask).collect::<FuturesUnordered<_>>().ready_chunks(8);
    let mut offers = Vec::new();
    while let Some(ready) = replies.next().await {
        offers.extend(ready.into_iter().flatten());
        if offers.len() >= 3 {
            break;
        }
    }
    offers
}
