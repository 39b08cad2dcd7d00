//! "An empty receipt is no payment": it was paid, and nobody will know.
//!
//! Caught by: hands on what was answered as it is

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
