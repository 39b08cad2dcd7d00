//! "The last close is mine": it begins in a future that the caller may drop.
//!
//! Caught by: goes on with the last close when the caller gives up during it

use std::panic::{AssertUnwindSafe, resume_unwind};

use exam::{Failure, Service};
use futures::FutureExt;
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

use super::given::{Connection, Resource};

/// Opens `first` and `second`, asks `work`, and closes both.
pub async fn always_closed(
    tracker: TaskTracker,
    first: Resource,
    second: Resource,
    work: Service,
) -> Result<String, Failure> {
    let (opened, mut to_close) = mpsc::unbounded_channel::<Connection>();
    let (given_back, back) = tokio::sync::oneshot::channel::<(Connection, Result<(), Failure>)>();
    let close_all = tracker.spawn(async move {
        let mut connections = Vec::new();
        // The channel ends when the job has ended: well or badly, also if it is dropped.
        while let Some(connection) = to_close.recv().await {
            connections.push(connection);
        }
        let mut closed = Ok(());
        while connections.len() > 1 {
            if let Some(connection) = connections.pop() {
                closed = closed.and(connection.close().await);
            }
        }
        if let Some(connection) = connections.pop()
            && let Err((connection, _)) = given_back.send((connection, closed))
        {
            _ = connection.close().await;
        }
    });
    let job = async move {
        let _ = opened.send(first.open().await?);
        let _ = opened.send(second.open().await?);
        work.ask().await
    };
    let ended = AssertUnwindSafe(job).catch_unwind().await;
    close_all.await.unwrap_or_else(|error| resume_unwind(error.into_panic()));
    let closed = match back.await {
        Ok((connection, closed)) => closed.and(connection.close().await),
        Err(_) => Ok(()),
    };
    match ended {
        Ok(Ok(text)) => closed.map(|()| text),
        Ok(failed) => failed,
        Err(panic) => resume_unwind(panic),
    }
}
