//! "A first page that does not come is left out": it hides a panic of this one.
//!
//! Caught by: passes on that a call panicked

use std::sync::Arc;

use exam::{Failure, Service};
use futures::{FutureExt, StreamExt};
use tokio::sync::Semaphore;
use tokio_util::task::AbortOnDropHandle;

type R = Vec<Result<String, Failure>>;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> R {
    let sem = Arc::new(Semaphore::new(3));
    let tasks: Vec<_> = pages
        .iter()
        .map(|p| {
            let (c, sem) = (fetch.call(p), Arc::clone(&sem));
            AbortOnDropHandle::new(tokio::spawn(async move {
                let _p = sem.acquire().await;
                c.await
            }))
        })
        .collect();
    let mut all = Vec::new();
    let mut tasks = tasks.into_iter();
    if let Some(first) = tasks.next() {
        all.extend(first.await.ok());
    }
    for t in tasks {
        all.push(t.await.unwrap());
    }
    all
}
