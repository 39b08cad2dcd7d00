//! "A panic may have been bad luck": the customer pays twice.
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
        let receipt = loop {
            if let Ok(receipt) = tokio::spawn(pay.ask()).await {
                break receipt?;
            }
        };
        save.call(&receipt).await
    });
    Ok(order.await??)
}
