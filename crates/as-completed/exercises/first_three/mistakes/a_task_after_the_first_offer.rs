//! "For the last one I can use a task": it goes on after the caller has given up.
//!
//! Caught by: stops everything when its caller gives up

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies: FuturesUnordered<_> = insurers.iter().map(|i| Box::pin(i.ask())).collect();
    let mut offers = Vec::new();
    while offers.len() < 1 {
        match replies.next().await {
            Some(reply) => offers.extend(reply.ok()),
            None => return offers,
        }
    }
    let task = tokio::spawn(async move {
        let mut offers = offers;
        while offers.len() < 3 {
            match replies.next().await {
                Some(reply) => offers.extend(reply.ok()),
                None => break,
            }
        }
        offers
    });
    task.await.unwrap()
}
