//! "`while let Some(Ok(offer))` reads the offers": it ends at the first refusal.
//!
//! Caught by: counts offers, but not refusals

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    let mut offers = Vec::new();
    while let Some(Ok(offer)) = replies.next().await {
        offers.push(offer);
        if offers.len() == 3 {
            break;
        }
    }
    offers
}
