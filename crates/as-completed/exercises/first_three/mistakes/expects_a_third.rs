//! "There are always three": it panics when there are fewer.
//!
//! Caught by: returns fewer than three when there are no more

use exam::Service;
use tokio::task::JoinSet;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies: JoinSet<_> = insurers.iter().map(Service::ask).collect();
    let mut offers = Vec::new();
    while offers.len() < 3 {
        if let Ok(offer) = replies.join_next().await.unwrap().unwrap() {
            offers.push(offer);
        }
    }
    offers
}
