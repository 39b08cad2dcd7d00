//! "A save that fails is a bug": `unwrap` panics at a declined card.
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
    let order = tracker.spawn(async move { save.call(&pay.ask().await.unwrap()).await.unwrap() });
    Ok(order.await?)
}
