//! "A queue of two is enough, as I read all the time": before the next turn of the reader, three may come, and `try_send` drops one.
//!
//! Caught by: misses no offer when hundreds of insurers reply at the same instant

use exam::Service;
use tokio::task::JoinSet;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let (send, mut receive) = tokio::sync::mpsc::channel(2);
    let mut set = JoinSet::new();
    for insurer in insurers {
        let send = send.clone();
        set.spawn(async move {
            if let Ok(o) = insurer.ask().await {
                let _ = send.try_send(o);
            }
        });
    }
    drop(send);
    let mut offers = Vec::new();
    while offers.len() < 3 {
        let Some(o) = receive.recv().await else { break };
        offers.push(o);
    }
    offers
}
