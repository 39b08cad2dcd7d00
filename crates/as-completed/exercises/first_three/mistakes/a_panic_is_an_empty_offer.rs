//! "A task that panicked has offered nothing": here it becomes an empty text, which counts as an offer.
//!
//! Caught by: passes on that a call panicked, or does without it

use exam::Service;
use tokio::task::JoinSet;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut tasks = JoinSet::new();
    for insurer in insurers {
        tasks.spawn(async move { insurer.ask().await });
    }
    let mut offers = Vec::new();
    while offers.len() < 3 {
        let Some(ended) = tasks.join_next().await else { break };
        if let Ok(offer) = ended.unwrap_or_else(|_| Ok(String::new())) {
            offers.push(offer);
        }
    }
    offers
}
