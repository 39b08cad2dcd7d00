//! "A tenth of a second is soon enough": it notices each failure late, and wakes up for ever although nothing happens.
//!
//! Caught by: makes a pause before each restart, twice as long each time

use exam::Failure;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
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
        while !worker.is_finished() && !stop.is_cancelled() {
            sleep(FIRST_PAUSE).await;
        }
        if stop.is_cancelled() {
            worker.abort();
            let _whatever_it_says = worker.await;
            break;
        }
        let ended = (&mut worker).await;
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
