//! "The program ends, so I start no new order": the task wants an order after the `close`, too.
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
    if tracker.is_closed() && tracker.is_empty() {
        return Err("the program is over".into());
    }
    let order = async move { save.call(&pay.ask().await?).await };
    Ok(tracker.spawn(order).await??)
}
