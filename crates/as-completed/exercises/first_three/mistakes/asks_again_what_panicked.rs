//! "A panic may have been bad luck": it asks the insurer once more, which hides the bug.
//!
//! Caught by: passes on that a call panicked, or does without it

use exam::Service;
use tokio::task::JoinSet;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut tasks = JoinSet::new();
    for insurer in insurers {
        tasks.spawn(async move {
            let first = tokio_util::task::AbortOnDropHandle::new(tokio::spawn(insurer.ask())).await;
            match first {
                Ok(reply) => reply,
                Err(_panic) => insurer.ask().await,
            }
        });
    }
    let mut offers = Vec::new();
    while offers.len() < 3 {
        let Some(ended) = tasks.join_next().await else { break };
        if let Ok(Ok(offer)) = ended {
            offers.push(offer);
        }
    }
    offers
}
