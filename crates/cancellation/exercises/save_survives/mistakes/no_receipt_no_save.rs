//! "An empty receipt means no payment": the customer has paid, and nothing is saved.
//!
//! Caught by: passes on each answer unchanged

use std::error::Error;

use exam::Service;
use tokio_util::task::TaskTracker;

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let order = tracker.spawn(async move {
        let receipt = pay.ask().await?;
        if receipt.is_empty() { Ok(receipt) } else { save.call(&receipt).await }
    });
    Ok(order.await??)
}
