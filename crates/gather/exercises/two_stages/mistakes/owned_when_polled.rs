//! "`AbortOnDropHandle` owns the task": a block makes it at its first poll, and holds a plain handle until then.
//!
//! Caught by: stops everything when its caller gives up

use exam::{Failure, Service};
use futures::future::join_all;
use futures::{FutureExt, StreamExt};
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

type R = Vec<Result<String, Failure>>;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> R {
    let mut set = JoinSet::new();
    for (n, page) in pages.iter().enumerate() {
        let h = tokio::spawn(fetch.call(page));
        let parse = parse.clone();
        set.spawn(async move {
            let r = AbortOnDropHandle::new(h).await.unwrap();
            (
                n,
                match r {
                    Ok(t) => parse.call(&t).await,
                    Err(f) => Err(f),
                },
            )
        });
    }
    let mut all = set.join_all().await;
    all.sort_by_key(|(n, _)| *n);
    all.into_iter().map(|(_, r)| r).collect()
}
