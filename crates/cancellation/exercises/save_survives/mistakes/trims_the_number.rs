//! "Without the blanks": the number is what the save answered.
//!
//! Caught by: hands on what was answered as it is

use exam::Service;
use std::error::Error;
use std::time::Duration;
use tokio_util::task::TaskTracker;

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let order = tracker.spawn(async move { save.call(&pay.ask().await?).await });
    Ok(order.await??.trim().to_owned())
}
