//! "An order takes at most a minute": the time limit drops it halfway, inside its task.
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
    let order = async move { save.call(&pay.ask().await?).await };
    Ok(tracker.spawn(timeout(Duration::from_secs(60), order)).await???)
}
