//! "I check every 50 ms which calls are done": it is late, and wakes up for nothing.
//!
//! Caught by: returns with the third offer

use std::time::Duration;

use exam::Service;
use tokio::task::JoinSet;
use tokio::time::sleep;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies: JoinSet<_> = insurers.iter().map(Service::ask).collect();
    let mut offers = Vec::new();
    loop {
        while let Some(reply) = replies.try_join_next() {
            offers.extend(reply.unwrap());
            if offers.len() == 3 {
                return offers;
            }
        }
        if replies.is_empty() {
            return offers;
        }
        sleep(Duration::from_millis(50)).await;
    }
}
