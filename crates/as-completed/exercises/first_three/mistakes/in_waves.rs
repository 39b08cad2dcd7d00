//! "First sixty-four, and then the next sixty-four": the slowest of a wave delays all later ones.
//!
//! Caught by: does the same with a thousand insurers

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut offers = Vec::new();
    for wave in insurers.chunks(64) {
        let mut replies: FuturesUnordered<_> = wave.iter().map(Service::ask).collect();
        while let Some(reply) = replies.next().await {
            offers.extend(reply);
            if offers.len() == 3 {
                return offers;
            }
        }
    }
    offers
}
