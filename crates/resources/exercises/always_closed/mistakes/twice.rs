//! "I add a guard for safety": it closes a connection that is already closed.
//!
//! Caught by: closes both after the work, the last opened first

use exam::{Failure, Service};
use tokio_util::task::TaskTracker;

use super::given::{Connection, Resource};

struct Guard(TaskTracker, Vec<Connection>);

impl Drop for Guard {
    fn drop(&mut self) {
        let mut connections = std::mem::take(&mut self.1);
        self.0.spawn(async move {
            while let Some(connection) = connections.pop() {
                let _ = connection.close().await;
            }
        });
    }
}

pub async fn always_closed(
    tracker: TaskTracker,
    first: Resource,
    second: Resource,
    work: Service,
) -> Result<String, Failure> {
    let mut guard = Guard(tracker, Vec::new());
    guard.1.push(first.open().await?);
    guard.1.push(second.open().await?);
    let text = work.ask().await?;
    for connection in guard.1.iter().rev() {
        connection.close().await?;
    }
    Ok(text)
}
