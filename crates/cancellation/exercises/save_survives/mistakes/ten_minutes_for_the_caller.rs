//! "No caller waits longer than ten minutes": this one does, and gets an error for an order that is saved.
//!
//! Caught by: sets no time limit

use std::error::Error;
use std::time::Duration;

use exam::Service;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let order = tracker.spawn(async move { save.call(&pay.ask().await?).await });
    Ok(timeout(Duration::from_secs(600), order).await???)
}
