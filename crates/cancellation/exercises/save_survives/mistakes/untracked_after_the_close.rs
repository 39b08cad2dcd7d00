//! "A closed tracker takes no more orders, so this one gets a task of its own": the program does not wait for that task.
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
    let order = async move { save.call(&pay.ask().await?).await };
    let order = if tracker.is_closed() { tokio::spawn(order) } else { tracker.spawn(order) };
    Ok(order.await??)
}
