//! One good answer.

use std::error::Error;

use exam::Service;
use tokio_util::task::TaskTracker;

/// Pays, saves the receipt, and returns the number of the order. Both steps go on when the caller gives up.
pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    // A task of its own: if this future is dropped, the handle is dropped, and that detaches the task.
    let order = tracker.spawn(async move { save.call(&pay.ask().await?).await });
    Ok(order.await??)
}
