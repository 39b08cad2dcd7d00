//! "Three are enough, so I forget the rest": `mem::forget` prevents the drop, and only the drop cancels a call.
//!
//! Caught by: drops the calls that it gives up

use std::mem;

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    let mut offers = Vec::new();
    while offers.len() < 3 {
        match replies.next().await {
            Some(Ok(offer)) => offers.push(offer),
            Some(Err(_)) => {}
            None => break,
        }
    }
    mem::forget(replies);
    offers
}
