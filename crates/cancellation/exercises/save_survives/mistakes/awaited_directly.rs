//! "A save takes only a moment, so the caller will not leave": the caller leaves, and the save is dropped with it.
//!
//! Caught by: goes on when the caller gives up during the save

use std::error::Error;

use exam::Service;

use tokio_util::task::TaskTracker;

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let receipt = pay.ask().await?;
    Ok(save.call(&receipt).await?)
}
