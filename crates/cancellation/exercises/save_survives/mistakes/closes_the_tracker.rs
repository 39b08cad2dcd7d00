//! "I have spawned my task, so I can close the tracker": it is the tracker of the whole program.
//!
//! Caught by: does not close the tracker or wait for it

use std::error::Error;

use exam::Service;
use tokio_util::task::TaskTracker;

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let order = tracker.spawn(async move { save.call(&pay.ask().await?).await });
    tracker.close();
    Ok(order.await??)
}
