//! "A check every millisecond, with a yield, is never late": it wakes up a thousand times a second.
//!
//! Caught by: sleeps while nothing comes

use std::time::Duration;

use exam::Service;
use tokio::task::{JoinSet, yield_now};
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
        sleep(Duration::from_millis(1)).await;
        yield_now().await;
    }
}
