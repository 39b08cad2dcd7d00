//! "I need a task only if the payment takes long": if the caller leaves in the first millisecond, the payment is dropped.
//!
//! Caught by: goes on when the caller gives up during the payment

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
    let mut paying = Box::pin(pay.ask());
    let paid = timeout(Duration::from_millis(1), &mut paying).await;
    let order = async move {
        let receipt = match paid {
            Ok(paid) => paid?,
            Err(_) => paying.await?,
        };
        save.call(&receipt).await
    };
    Ok(tracker.spawn(order).await??)
}
