//! "Without work, the close is the result": its failure hides that the second did not open.
//!
//! Caught by: does not hide that the second did not open

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
        // The channel ends when the job has ended: well or badly, also if it is dropped.
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
        let _ = opened.send(match first.open().await {
            Ok(it) => it,
            Err(failure) => return (false, Err(failure)),
        });
        let _ = opened.send(match second.open().await {
            Ok(it) => it,
            Err(failure) => return (false, Err(failure)),
        });
        (true, work.ask().await)
    };
    let ended = AssertUnwindSafe(job).catch_unwind().await;
    let closed = close_all.await.unwrap_or_else(|error| resume_unwind(error.into_panic()));
    match ended {
        Ok((true, Ok(text))) => closed.map(|()| text),
        Ok((true, failed)) => failed,
        Ok((false, failed)) => closed.and(failed),
        Err(panic) => resume_unwind(panic),
    }
}
