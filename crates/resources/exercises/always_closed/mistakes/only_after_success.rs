//! "I close at the end": the `?` of the work returns before that.
//!
//! Caught by: closes both after a failure of the work

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
    let cache = second.open().await?;
    let text = work.ask().await?;
    cache.close().await?;
    database.close().await?;
    Ok(text)
}
