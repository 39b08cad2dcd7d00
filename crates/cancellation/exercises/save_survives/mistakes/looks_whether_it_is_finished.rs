//! "`is_finished` tells me": a loop checks it every millisecond.
//!
//! Caught by: sleeps while nothing comes

use std::error::Error;
use std::time::Duration;

use exam::Service;
use tokio::time::sleep;
use tokio_util::task::TaskTracker;

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let order = tracker.spawn(async move { save.call(&pay.ask().await?).await });
    while !order.is_finished() {
        sleep(Duration::from_millis(1)).await;
    }
    Ok(order.await??)
}
