//! "A task goes on by itself": until the program ends, which knows nothing of it.
//!
//! Caught by: lets the end of the program wait for the save

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
