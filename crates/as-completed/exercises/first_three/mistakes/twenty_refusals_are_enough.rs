//! "After twenty refusals nobody will offer anything": a refusal ends nothing, and the offers of those that were slower are lost.
//!
//! Caught by: does the same with three hundred insurers

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    let (mut offers, mut refusals) = (Vec::new(), 0);
    while let Some(reply) = replies.next().await {
        match reply {
            Ok(offer) => offers.push(offer),
            Err(_) => refusals += 1,
        }
        if offers.len() == 3 || refusals > 20 {
            break;
        }
    }
    offers
}
