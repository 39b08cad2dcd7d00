//! "Only the work can panic": an open can panic, too, and the first connection stays open while your caller goes on.
//!
//! Caught by: closes the first after a panic of the second open, and passes it on

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
    let close_all = tracker.spawn(async move {
        let mut connections = Vec::new();
        // The channel ends when the job has ended, in any way, even if it is dropped.
        while let Some(connection) = to_close.recv().await {
            connections.push(connection);
        }
        let mut closed = Ok(());
        while let Some(connection) = connections.pop() {
            closed = closed.and(connection.close().await);
        }
        closed
    });
    let job = async move {
        let _ = opened.send(first.open().await?);
        let _ = opened.send(second.open().await?);
        Ok(AssertUnwindSafe(work.ask()).catch_unwind().await)
    };
    let ended = match job.await {
        Ok(ended) => ended,
        Err(failure) => Ok(Err(failure)),
    };
    let closed = close_all.await.unwrap_or_else(|error| resume_unwind(error.into_panic()));
    match ended {
        Ok(Ok(text)) => closed.map(|()| text),
        Ok(failed) => failed,
        Err(panic) => resume_unwind(panic),
    }
}
