//! "I loop until I have three": the stream has ended, so it returns `None` immediately, for ever.
//!
//! Caught by: returns fewer than three when there are no more

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    let mut offers = Vec::new();
    while offers.len() < 3 {
        if let Some(Ok(offer)) = replies.next().await {
            offers.push(offer);
        }
    }
    offers
}
