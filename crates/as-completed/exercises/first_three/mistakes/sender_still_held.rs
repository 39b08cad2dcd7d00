//! "The channel ends when all tasks have ended": this function still holds the sender that it cloned for them.
//!
//! Caught by: returns fewer than three when there are no more

use exam::Service;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let (send, mut offers) = mpsc::channel(3);
    let mut calls = JoinSet::new();
    for insurer in insurers {
        let send = send.clone();
        calls.spawn(async move {
            if let Ok(offer) = insurer.ask().await {
                let _ = send.send(offer).await;
            }
        });
    }
    let mut first = Vec::new();
    while first.len() < 3 {
        match offers.recv().await {
            Some(offer) => first.push(offer),
            None => break,
        }
    }
    first
}
