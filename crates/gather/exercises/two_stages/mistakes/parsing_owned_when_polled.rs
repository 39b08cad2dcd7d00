//! "`AbortOnDropHandle` owns the parsing": a task makes it at its first poll, and holds a plain handle until then.
//!
//! Caught by: stops everything when its caller gives up

use exam::{Failure, Service};
use futures::FutureExt;
use futures::future::join_all;
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

type R = Vec<Result<String, Failure>>;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> R {
    join_all(pages.iter().map(async |page| {
        let text = fetch.call(page).await?;
        let h = tokio::spawn(parse.call(&text));
        let mut set = JoinSet::new();
        set.spawn(async move { AbortOnDropHandle::new(h).await.unwrap() });
        set.join_next().await.unwrap().unwrap()
    }))
    .await
}
