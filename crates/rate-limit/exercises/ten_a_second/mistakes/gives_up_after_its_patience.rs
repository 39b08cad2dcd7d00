//! "I put a timeout around the wait": the caller learns of the refusal only when its patience is over.
//!
//! Caught by: refuses a call immediately if it would wait too long

use std::cell::Cell;
use std::time::Duration;

use futures::StreamExt;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_stream::wrappers::ReceiverStream;

use super::given::{Backend, Busy, Call};

const INTERVAL: Duration = Duration::from_millis(100);

const CREDIT: Duration = Duration::from_millis(200);

pub async fn serve(calls: mpsc::Receiver<Call>, backend: Backend) {
    let next = Cell::new(Instant::now());
    let each = |call: Call| {
        let backend = &backend;
        let start = book(&next, call.patience);
        async move {
            let answer = match start {
                Ok(start) => match timeout(call.patience, sleep_until(start)).await {
                    Ok(()) => Ok(backend.ask(call.id).await),
                    Err(_) => Err(Busy { retry_after: start - Instant::now() }),
                },
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
    if wait <= patience {
        next.set(due + INTERVAL);
    }
    Ok(now + wait)
}
