//! "A task goes on by itself": only until the program ends, because the tracker does not know the task.
//!
//! Caught by: lets the program wait for the save at its end

use std::error::Error;

use exam::Service;

use tokio_util::task::TaskTracker;

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let order = tokio::spawn(async move { save.call(&pay.ask().await?).await });
    Ok(order.await??)
}
