//! "When the receiver is gone, nobody listens": one caller has left, and the others still wait.
//!
//! Caught by: serves a long line, and waits long for answers

use std::cell::Cell;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_stream::wrappers::ReceiverStream;

use super::given::{Backend, Busy, Call};

const INTERVAL: Duration = Duration::from_millis(100);

/// A call may start this long before it is due: two intervals, so that three start at once.
const CREDIT: Duration = Duration::from_millis(200);

/// Answers all calls. Starts at most ten a second, and up to three at once after a pause.
///
/// Returns when the channel has ended and all answers are delivered.
pub async fn serve(calls: mpsc::Receiver<Call>, backend: Backend) {
    let next = Cell::new(Instant::now());
    let each = |call: Call| {
        let backend = &backend;
        // Each call gets its moment when it comes. No await is between the read and the write of `next`.
        let start = book(&next, call.patience);
        async move {
            let answer = match start {
                Ok(start) => {
                    sleep_until(start).await;
                    Ok(backend.ask(call.id).await)
                }
                Err(busy) => Err(busy),
            };
            call.reply.send(answer).map_err(|_left| ())
        }
    };
    _ = ReceiverStream::new(calls).map(Ok).try_for_each_concurrent(None, each).await;
}

/// When this call may start, if that is soon enough.
fn book(next: &Cell<Instant>, patience: Duration) -> Result<Instant, Busy> {
    let now = Instant::now();
    let due = next.get().max(now);
    let wait = (due - now).saturating_sub(CREDIT);
    if wait > patience {
        return Err(Busy { retry_after: wait });
    }
    next.set(due + INTERVAL);
    Ok(now + wait)
}
