//! "The blanks do not matter": save the receipt unchanged.
//!
//! Caught by: passes on each answer unchanged

use exam::Service;
use std::error::Error;
use std::time::Duration;
use tokio_util::task::TaskTracker;

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let order = tracker.spawn(async move { save.call(pay.ask().await?.trim()).await });
    Ok(order.await??)
}
