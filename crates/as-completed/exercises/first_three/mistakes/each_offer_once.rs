//! "The same offer twice is no choice": the task counts both.
//!
//! Caught by: keeps offers that look alike, and returns offers unchanged

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    let mut offers = Vec::new();
    while let Some(reply) = replies.next().await {
        if let Ok(offer) = reply
            && !offers.contains(&offer)
        {
            offers.push(offer);
        }
        if offers.len() == 3 {
            break;
        }
    }
    offers
}
