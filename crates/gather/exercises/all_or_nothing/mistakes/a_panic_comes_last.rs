//! "First all others, and then I report the panic": a failure that comes after it hides it.
//!
//! Caught by: passes on that a call panicked

use exam::{Failure, Service};
use futures::StreamExt;
use tokio::task::JoinSet;

type A = Result<Vec<String>, Failure>;

pub async fn all_or_nothing(services: Vec<Service>) -> A {
    let mut set = JoinSet::new();
    for (n, s) in services.iter().enumerate() {
        let c = s.ask();
        set.spawn(async move { c.await.map(|a| (n, a)) });
    }
    let mut all = Vec::new();
    let mut panicked = None;
    while let Some(r) = set.join_next().await {
        match r {
            Ok(r) => all.push(r?),
            Err(e) => panicked = Some(e),
        }
    }
    if let Some(e) = panicked {
        std::panic::resume_unwind(e.into_panic())
    }
    all.sort();
    Ok(all.into_iter().map(|(_, a)| a).collect())
}
