//! "Nothing takes longer than half a minute": a payment does, and the `abort` leaves it paid but not saved.
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
    let mut order = tracker.spawn(async move { save.call(&pay.ask().await?).await });
    match timeout(Duration::from_secs(30), &mut order).await {
        Ok(placed) => Ok(placed??),
        Err(late) => {
            order.abort();
            Err(late.into())
        }
    }
}
