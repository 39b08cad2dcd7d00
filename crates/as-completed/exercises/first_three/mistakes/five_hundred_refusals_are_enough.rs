//! "After five hundred refusals, no insurer will accept": the offers come after them.
//!
//! Caught by: does the same with a thousand insurers

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    let mut offers = Vec::new();
    let mut refusals = 0;
    while offers.len() < 3 && refusals < 500 {
        match replies.next().await {
            Some(Ok(offer)) => offers.push(offer),
            Some(Err(_)) => refusals += 1,
            None => break,
        }
    }
    offers
}
