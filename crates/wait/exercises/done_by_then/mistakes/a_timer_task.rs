//! "A task tells me when the time is up": the task goes on after the caller has given up.
//!
//! Caught by: stops everything when its caller gives up

use std::time::Duration;

use exam::{Failure, Service};
use tokio::select;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::sleep;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let (time_is_up, mut up) = oneshot::channel();
    tokio::spawn(async move {
        sleep(limit).await;
        let _ = time_is_up.send(());
    });
    let mut rest: JoinSet<_> = services.iter().map(Service::ask).collect();
    let mut done = Vec::new();
    loop {
        select! {
            _ = &mut up => break,
            ended = rest.join_next() => match ended {
                Some(ended) => done.push(ended.unwrap()),
                None => break,
            },
        }
    }
    (done, rest)
}
