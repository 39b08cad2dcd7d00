//! "An error is a text like any other": it comes back as an `Ok`.
//!
//! Caught by: passes on a failure

use std::error::Error;

use exam::Service;
use tokio_util::task::TaskTracker;

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let order = tracker.spawn(async move {
        match pay.ask().await {
            Ok(receipt) => save.call(&receipt).await.unwrap_or_default(),
            Err(failure) => failure.to_string(),
        }
    });
    Ok(order.await?)
}
