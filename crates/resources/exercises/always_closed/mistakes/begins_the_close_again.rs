//! "The guard closes what is not closed": it starts a close again that was dropped before its end.
//!
//! Caught by: goes on with the closes when the caller gives up during the first one

use std::panic::{AssertUnwindSafe, resume_unwind};

use exam::{Failure, Service};
use futures::FutureExt;
use tokio_util::task::TaskTracker;

use super::given::{Connection, Resource};

struct Guard(TaskTracker, Vec<Connection>);

impl Drop for Guard {
    fn drop(&mut self) {
        let mut connections = std::mem::take(&mut self.1);
        self.0.spawn(async move {
            while let Some(connection) = connections.pop() {
                let _ = connection.close().await;
            }
        });
    }
}

pub async fn always_closed(
    tracker: TaskTracker,
    first: Resource,
    second: Resource,
    work: Service,
) -> Result<String, Failure> {
    let mut guard = Guard(tracker, Vec::new());
    let ended = AssertUnwindSafe(async {
        guard.1.push(first.open().await?);
        guard.1.push(second.open().await?);
        work.ask().await
    })
    .catch_unwind()
    .await;
    let mut closed = Ok(());
    while let Some(connection) = guard.1.last() {
        let one = connection.close().await;
        guard.1.pop();
        closed = closed.and(one);
    }
    match ended {
        Ok(Ok(text)) => closed.map(|()| text),
        Ok(failed) => failed,
        Err(panic) => resume_unwind(panic),
    }
}
