//! "I abort the rest when I have three": if the caller drops this future before, no line aborts them.
//!
//! Caught by: stops everything when its caller gives up

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
    for rest in &replies {
        rest.abort();
    }
    offers
}
