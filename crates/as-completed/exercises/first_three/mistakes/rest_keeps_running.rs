//! "When I leave the loop, the rest ends": this drops handles, and a task without a handle keeps running.
//!
//! Caught by: leaves nothing running after the third offer

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies: FuturesUnordered<_> = insurers.iter().map(|insurer| tokio::spawn(insurer.ask())).collect();
    let mut offers = Vec::new();
    while let Some(reply) = replies.next().await {
        if let Ok(Ok(offer)) = reply {
            offers.push(offer);
        }
        if offers.len() == 3 {
            break;
        }
    }
    offers
}
