//! "Fewer than three is a failure": it throws away two good offers.
//!
//! Caught by: returns fewer than three when there are no more

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    let mut offers = Vec::new();
    while let Some(reply) = replies.next().await {
        if let Ok(offer) = reply {
            offers.push(offer);
        }
        if offers.len() == 3 {
            return offers;
        }
    }
    Vec::new()
}
