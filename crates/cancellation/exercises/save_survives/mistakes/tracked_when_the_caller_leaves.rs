//! "I need a task only when the caller leaves": until then the tracker does not know the order, and the program ends in the middle of it.
//!
//! Caught by: registers an order with the tracker before the caller leaves

use std::error::Error;
use std::pin::Pin;

use exam::{Failure, Service};
use tokio_util::task::TaskTracker;

struct Order {
    tracker: TaskTracker,
    rest: Option<Pin<Box<dyn Future<Output = Result<String, Failure>> + Send>>>,
}

impl Drop for Order {
    fn drop(&mut self) {
        if let Some(rest) = self.rest.take() {
            self.tracker.spawn(rest);
        }
    }
}

pub async fn place_order(
    tracker: TaskTracker,
    pay: Service,
    save: Service,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let rest = Box::pin(async move { save.call(&pay.ask().await?).await });
    let mut order = Order { tracker, rest: Some(rest) };
    let placed = order.rest.as_mut().ok_or("it is over")?.await;
    order.rest = None;
    Ok(placed?)
}
