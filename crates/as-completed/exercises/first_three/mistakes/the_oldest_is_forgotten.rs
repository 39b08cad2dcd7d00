//! "When `recv` returns an error, the channel has ended": a `broadcast` channel that is full forgets the oldest messages, and says so with an error.
//!
//! Caught by: misses no offer when hundreds of insurers reply at the same instant

use exam::Service;
use tokio::task::JoinSet;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let (send, mut receive) = tokio::sync::broadcast::channel(16);
    let mut set = JoinSet::new();
    for insurer in insurers {
        let send = send.clone();
        set.spawn(async move {
            if let Ok(o) = insurer.ask().await {
                let _ = send.send(o);
            }
        });
    }
    drop(send);
    let mut offers = Vec::new();
    while offers.len() < 3 {
        let Ok(o) = receive.recv().await else { break };
        offers.push(o);
    }
    offers
}
