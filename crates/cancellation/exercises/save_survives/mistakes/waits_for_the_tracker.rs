//! "To wait for the save, I wait for the tracker": it waits for the saves of all callers.
//!
//! Caught by: does not close the tracker or wait for it

use std::error::Error;

use exam::Service;
use tokio::sync::oneshot;
use tokio_util::task::TaskTracker;

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let (sender, receiver) = oneshot::channel();
    tracker.spawn(async move {
        let order = async { save.call(&pay.ask().await?).await };
        let _ = sender.send(order.await);
    });
    tracker.close();
    tracker.wait().await;
    Ok(receiver.await??)
}
