//! "Three notifications mean three offers": two at the same instant make one notification.
//!
//! Caught by: takes three even when offers come at the same instant

use std::sync::{Arc, Mutex};

use exam::Service;
use tokio::sync::Notify;
use tokio::task::JoinSet;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let offers = Arc::new(Mutex::new(Vec::new()));
    let (came, mut replies) = (Arc::new(Notify::new()), JoinSet::new());
    for insurer in insurers {
        let (offers, came) = (Arc::clone(&offers), Arc::clone(&came));
        replies.spawn(async move {
            if let Ok(offer) = insurer.ask().await {
                offers.lock().unwrap().push(offer);
                came.notify_waiters();
            }
        });
    }
    for _ in 0..3 {
        came.notified().await;
    }
    let mut first = offers.lock().unwrap().clone();
    first.truncate(3);
    first
}
