//! "Each step is a task": the first task spawns the second, and the tracker knows only the first.
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
    let order = tracker.spawn(async move {
        let receipt = pay.ask().await?;
        Ok::<_, exam::Failure>(tokio::spawn(async move { save.call(&receipt).await }))
    });
    Ok(order.await??.await??)
}
