//! A worker that is restarted when it fails. README.md beside this file describes the task.

use exam::Failure;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

// You will need `FIRST_PAUSE`, `MOST_FAILURES`, `SETTLED` and `Reason` from there, too.
use super::given::Ended;

/// Keeps a worker running until its work is done, it is cancelled, it fails too often, or `stop` is cancelled.
///
/// When it returns, no worker runs. `start()` starts a worker as a task.
pub async fn supervise(start: impl Fn() -> JoinHandle<Result<(), Failure>>, stop: CancellationToken) -> Ended {
    todo!()
}
