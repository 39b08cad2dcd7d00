//! "The tracker keeps what it tracks alive": it only counts; what is tracked still belongs to its caller.
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
