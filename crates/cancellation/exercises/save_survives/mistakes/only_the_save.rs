//! "Only the save is critical": the payment is dropped halfway, and you cannot know whether it was made.
//!
//! Caught by: goes on when the caller gives up during the payment

use std::error::Error;

use exam::Service;

use tokio_util::task::TaskTracker;

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let receipt = pay.ask().await?;
    Ok(tracker.spawn(save.call(&receipt)).await??)
}
