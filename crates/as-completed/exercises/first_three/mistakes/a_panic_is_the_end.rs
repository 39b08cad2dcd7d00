//! "`while let Some(Ok(..))` goes on until all calls have ended": it ends at the first panic, and the calls that still run are aborted.
//!
//! Caught by: passes on that a call panicked, or does without it

use exam::Service;
use tokio::task::JoinSet;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut calls: JoinSet<_> = insurers.iter().map(Service::ask).collect();
    let mut offers = Vec::new();
    while let Some(Ok(reply)) = calls.join_next().await {
        offers.extend(reply);
        if offers.len() == 3 {
            break;
        }
    }
    offers
}
