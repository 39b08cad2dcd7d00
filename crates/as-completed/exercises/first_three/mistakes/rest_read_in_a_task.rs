//! "The other calls should end normally": a task reads the rest, and no caller needs it.
//!
//! Caught by: leaves nothing running after the third offer

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    let mut offers = Vec::new();
    while let Some(reply) = replies.next().await {
        offers.extend(reply);
        if offers.len() == 3 {
            break;
        }
    }
    tokio::spawn(async move { while replies.next().await.is_some() {} });
    offers
}
