//! "A pause is a pause": it does not grow, so in an outage all services retry at the same rate.
//!
//! Caught by: makes a pause before each restart, twice as long each time

use exam::Failure;
use tokio::select;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::given::{Ended, FIRST_PAUSE, MOST_FAILURES, Reason, SETTLED};

pub async fn supervise(start: impl Fn() -> JoinHandle<Result<(), Failure>>, stop: CancellationToken) -> Ended {
    let mut failures = 0;
    while !stop.is_cancelled() {
        let (started, mut worker) = (Instant::now(), AbortOnDropHandle::new(start()));
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
        failures = if started.elapsed() >= SETTLED { 1 } else { failures + 1 };
        if failures == MOST_FAILURES {
            return Ended::GaveUp(reason);
        }
        // Ends with the pause or with the stop.
        let _elapsed = timeout(FIRST_PAUSE, stop.cancelled()).await;
    }
    Ended::Stopped
}
