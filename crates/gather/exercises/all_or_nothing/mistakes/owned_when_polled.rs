//! "`AbortOnDropHandle` owns the task": a block makes it at its first poll, and holds a plain handle until then.
//!
//! Caught by: stops everything when its caller gives up

use exam::{Failure, Service};
use futures::StreamExt;
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

type A = Result<Vec<String>, Failure>;

pub async fn all_or_nothing(services: Vec<Service>) -> A {
    let mut set = JoinSet::new();
    for (n, s) in services.iter().enumerate() {
        let h = tokio::spawn(s.ask());
        set.spawn(async move { AbortOnDropHandle::new(h).await.unwrap().map(|a| (n, a)) });
    }
    let mut all = Vec::new();
    while let Some(r) = set.join_next().await {
        all.push(r.unwrap()?);
    }
    all.sort();
    Ok(all.into_iter().map(|(_, a)| a).collect())
}
