//! "An abort takes a moment, so I wait for a moment": it takes as long as the thread of the worker is busy.
//!
//! Caught by: waits for a worker that ends some time after the abort

use std::time::Duration;

use exam::Failure;
use tokio::select;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::given::{Ended, FIRST_PAUSE, MOST_FAILURES, Reason, SETTLED};

/// Keeps a worker running until its work is done, it is cancelled, it fails too often, or `stop` is cancelled.
///
/// When it returns, no worker runs. `start()` starts a worker as a task.
pub async fn supervise(start: impl Fn() -> JoinHandle<Result<(), Failure>>, stop: CancellationToken) -> Ended {
    let mut failures = 0;
    while !stop.is_cancelled() {
        let (started, mut worker) = (Instant::now(), AbortOnDropHandle::new(start()));
        let ended = select! {
            ended = &mut worker => ended,
            () = stop.cancelled() => {
                worker.abort();
                let _ended_or_not = timeout(Duration::from_millis(1), worker).await;
                break;
            }
        };
        let reason = match ended {
            Ok(Ok(())) => return Ended::Done,
            Ok(Err(failure)) => Reason::Failed(failure),
            Err(error) if error.is_cancelled() => return Ended::Cancelled,
            Err(error) => Reason::Panicked(error),
        };
        failures = if started.elapsed() >= SETTLED { 1 } else { failures + 1 };
        if failures == MOST_FAILURES {
            return Ended::GaveUp(reason);
        }
        // Ends with the pause or with the stop.
        let _elapsed = timeout(FIRST_PAUSE * 2_u32.pow(failures - 1), stop.cancelled()).await;
    }
    Ended::Stopped
}
