//! "Results belong in the order of their inputs", as `gather` returns them: the task wants the order in which they came.
//!
//! Caught by: returns the offers in the order in which they come

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies: FuturesUnordered<_> =
        insurers.iter().enumerate().map(async |(number, insurer)| (number, insurer.ask().await)).collect();
    let mut offers = Vec::new();
    while let Some((number, reply)) = replies.next().await {
        if let Ok(offer) = reply {
            offers.push((number, offer));
        }
        if offers.len() == 3 {
            break;
        }
    }
    offers.sort();
    offers.into_iter().map(|(_, offer)| offer).collect()
}
