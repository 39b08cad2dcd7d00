//! "Every error is an `Err`": a panic leaves the function before the closes.
//!
//! Caught by: closes both after a panic of the work, and passes it on

use exam::{Failure, Service};
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
    let ended = work.ask().await;
    let closed = cache.close().await;
    let closed = closed.and(database.close().await);
    ended.and_then(|text| closed.map(|()| text))
}
