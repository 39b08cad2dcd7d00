//! "If it is spawned, it is as good as done": the caller does not wait for the end, or learn of a failure.
//!
//! Caught by: waits for the save, and returns its answer

use std::error::Error;

use exam::Service;

use tokio_util::task::TaskTracker;

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let receipt = pay.ask().await?;
    tracker.spawn(save.call(&receipt));
    Ok(receipt)
}
