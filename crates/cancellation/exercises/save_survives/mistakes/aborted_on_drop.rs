//! "A task needs an owner": this owner aborts it when its caller leaves.
//!
//! Caught by: goes on when the caller gives up during the save

use std::error::Error;

use exam::Service;
use tokio_util::task::AbortOnDropHandle;
use tokio_util::task::TaskTracker;

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let order = tracker.spawn(async move { save.call(&pay.ask().await?).await });
    Ok(AbortOnDropHandle::new(order).await??)
}
