//! "A first service that does not answer is a gap": it hides a panic of this one.
//!
//! Caught by: passes on that a call panicked

use exam::{Failure, Service};
use futures::StreamExt;
use tokio_util::task::AbortOnDropHandle;

type R = Result<String, Failure>;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<R> {
    let mut tasks =
        services.iter().map(|s| AbortOnDropHandle::new(tokio::spawn(s.ask()))).collect::<Vec<_>>().into_iter();
    let mut all = Vec::new();
    if let Some(first) = tasks.next() {
        if let Ok(r) = first.await {
            all.push(r);
        }
    }
    for t in tasks {
        all.push(t.await.unwrap());
    }
    all
}
