//! "A panic may have been bad luck": it saves the order again.
//!
//! Caught by: passes on that a call panicked

use exam::Service;
use std::error::Error;
use std::time::Duration;
use tokio_util::task::TaskTracker;

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let order = tracker.spawn(async move {
        let receipt = pay.ask().await?;
        loop {
            if let Ok(number) = tokio::spawn(save.call(&receipt)).await {
                break number;
            }
        }
    });
    Ok(order.await??)
}
