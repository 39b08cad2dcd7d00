//! "An error is its text": the type is lost, so callers cannot tell a declined card from a bug.
//!
//! Caught by: passes on a failure

use std::error::Error;

use exam::Service;
use tokio_util::task::TaskTracker;

/// Pays, saves the receipt, and returns the number of the order; it goes on when its caller gives up.
pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    // A task of its own: dropping this future drops the handle, which detaches the task.
    let order = tracker.spawn(async move { save.call(&pay.ask().await?).await });
    order.await?.map_err(|error| error.to_string().into())
}
