//! "A pause is a sleep": the stop waits for it.
//!
//! Caught by: stops in a pause, without waiting for its end

use exam::Failure;
use tokio::select;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
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
        sleep(FIRST_PAUSE * 2_u32.pow(failures - 1)).await;
    }
    Ended::Stopped
}
