//! "`AbortOnDropHandle` owns the task": a block makes it at its first poll, and holds a plain handle until then.
//!
//! Caught by: stops everything when its caller gives up

use exam::Service;
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut set = JoinSet::new();
    for s in &insurers {
        let h = tokio::spawn(s.ask());
        set.spawn(async move { AbortOnDropHandle::new(h).await.unwrap() });
    }
    let mut three = Vec::new();
    while three.len() < 3 {
        match set.join_next().await {
            Some(r) => three.extend(r.unwrap()),
            None => break,
        }
    }
    three
}
