//! "I check until three are done": the loop never yields, so time stands still.
//!
//! Caught by: asks all insurers at once

use exam::Service;
use futures::FutureExt;
use tokio::task::{JoinSet, yield_now};

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies: JoinSet<_> = insurers.iter().map(Service::ask).collect();
    let mut offers = Vec::new();
    while offers.len() < 3 && !replies.is_empty() {
        if let Some(Some(Ok(Ok(offer)))) = replies.join_next().now_or_never() {
            offers.push(offer);
        }
        yield_now().await;
    }
    offers
}
