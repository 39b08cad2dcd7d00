//! "Ten a second means one every 100 ms": after a pause, three calls that come together wait for each other.
//!
//! Caught by: starts each call as soon as it may

use std::cell::Cell;
use std::time::Duration;

use futures::StreamExt;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_stream::wrappers::ReceiverStream;

use super::given::{Backend, Busy, Call};

const INTERVAL: Duration = Duration::from_millis(100);

const CREDIT: Duration = Duration::ZERO;

pub async fn serve(calls: mpsc::Receiver<Call>, backend: Backend) {
    let next = Cell::new(Instant::now());
    let each = |call: Call| {
        let backend = &backend;
        let start = book(&next, call.patience);
        async move {
            let answer = match start {
                Ok(start) => {
                    sleep_until(start).await;
                    Ok(backend.ask(call.id).await)
                }
                Err(busy) => Err(busy),
            };
            _ = call.reply.send(answer);
        }
    };
    ReceiverStream::new(calls).for_each_concurrent(None, each).await;
}

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
