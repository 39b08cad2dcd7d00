//! "A worker runs from one failure to the next": the pause is counted too, so a worker seems to run long enough although it did not.
//!
//! Caught by: resets the count from ten seconds on, after an error or a panic

use exam::Failure;
use tokio::select;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::given::{Ended, FIRST_PAUSE, MOST_FAILURES, Reason, SETTLED};

pub async fn supervise(start: impl Fn() -> JoinHandle<Result<(), Failure>>, stop: CancellationToken) -> Ended {
    let (mut failures, mut last_failure) = (0, Instant::now());
    while !stop.is_cancelled() {
        let mut worker = AbortOnDropHandle::new(start());
        let ended = select! {
            ended = &mut worker => ended,
            () = stop.cancelled() => {
                worker.abort();
                let _whatever_it_says = worker.await;
                break;
            }
        };
        let reason = match ended {
            Ok(Ok(())) => return Ended::Done,
            Ok(Err(failure)) => Reason::Failed(failure),
            Err(error) if error.is_cancelled() => return Ended::Cancelled,
            Err(error) => Reason::Panicked(error),
        };
        failures = if last_failure.elapsed() >= SETTLED { 1 } else { failures + 1 };
        last_failure = Instant::now();
        if failures == MOST_FAILURES {
            return Ended::GaveUp(reason);
        }
        // Ends with the pause or with the stop.
        let _elapsed = timeout(FIRST_PAUSE * 2_u32.pow(failures - 1), stop.cancelled()).await;
    }
    Ended::Stopped
}
