//! "A closed tracker must be opened before it takes an order": then the `wait` of whoever closed it never ends.
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
    tracker.reopen();
    let order = tracker.spawn(async move { save.call(&pay.ask().await?).await });
    Ok(order.await??)
}
