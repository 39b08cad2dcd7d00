//! "A closed tracker spawns no more": it does, and the customer is refused for nothing.
//!
//! Caught by: places an order that comes after the `close`

use std::error::Error;

use exam::Service;
use tokio_util::task::TaskTracker;

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    if tracker.is_closed() {
        return Err("the shop is closed".into());
    }
    let order = tracker.spawn(async move { save.call(&pay.ask().await?).await });
    Ok(order.await??)
}
