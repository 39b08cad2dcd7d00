//! Closes two connections, whatever the work does. README.md beside this file describes the task.

use exam::{Failure, Service};
use tokio_util::task::TaskTracker;

use super::given::Resource;

/// Opens `first` and `second`, asks `work`, and closes both.
///
/// `resource.open()` makes a future of a `Result<Connection, Failure>`, and `connection.close()` one of a `Result<(), Failure>`.
pub async fn always_closed(
    tracker: TaskTracker,
    first: Resource,
    second: Resource,
    work: Service,
) -> Result<String, Failure> {
    todo!()
}
