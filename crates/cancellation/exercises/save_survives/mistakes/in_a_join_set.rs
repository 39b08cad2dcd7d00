//! "A `JoinSet` waits for its tasks": it aborts them when it is dropped.
//!
//! Caught by: goes on when the caller gives up during the save

use std::error::Error;

use exam::Service;
use tokio::task::JoinSet;
use tokio_util::task::TaskTracker;

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { save.call(&pay.ask().await?).await });
    Ok(tasks.join_next().await.ok_or("the set is empty")???)
}
