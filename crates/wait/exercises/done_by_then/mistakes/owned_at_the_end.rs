//! "I give the rest an owner when I know what the rest is": until then, the tasks have no owner.
//!
//! Caught by: stops everything when its caller gives up

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let mut handles: FuturesUnordered<_> = services.iter().map(|service| tokio::spawn(service.ask())).collect();
    let mut done = Vec::new();
    let all = async {
        while let Some(ended) = handles.next().await {
            done.push(ended.unwrap());
        }
    };
    let _ = timeout(limit, all).await;
    let owned = handles.into_iter().map(AbortOnDropHandle::new);
    let rest = owned.map(async |handle| handle.await.unwrap()).collect();
    (done, rest)
}
