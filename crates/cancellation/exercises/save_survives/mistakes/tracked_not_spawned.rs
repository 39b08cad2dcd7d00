//! "The tracker keeps a tracked future alive": it only counts it, and the future still belongs to its caller.
//!
//! Caught by: goes on when the caller gives up during the save

use std::error::Error;

use exam::Service;

use tokio_util::task::TaskTracker;

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    Ok(tracker.track_future(async move { save.call(&pay.ask().await?).await }).await?)
}
