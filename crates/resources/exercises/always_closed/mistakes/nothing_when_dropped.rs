//! "I close after the work": when the caller gives up, no further line runs.
//!
//! Caught by: closes in a task of the tracker when the caller gives up

use std::panic::{AssertUnwindSafe, resume_unwind};

use exam::{Failure, Service};
use futures::FutureExt;
use tokio_util::task::TaskTracker;

use super::given::Resource;

pub async fn always_closed(
    tracker: TaskTracker,
    first: Resource,
    second: Resource,
    work: Service,
) -> Result<String, Failure> {
    let database = first.open().await?;
    let cache = match second.open().await {
        Ok(cache) => cache,
        Err(failure) => {
            let _ = database.close().await;
            return Err(failure);
        }
    };
    let ended = AssertUnwindSafe(work.ask()).catch_unwind().await;
    let closed = cache.close().await;
    let closed = closed.and(database.close().await);
    match ended {
        Ok(Ok(text)) => closed.map(|()| text),
        Ok(failed) => failed,
        Err(panic) => resume_unwind(panic),
    }
}
