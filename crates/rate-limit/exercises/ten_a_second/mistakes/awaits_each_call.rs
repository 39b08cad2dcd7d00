//! "One call after another": the next call waits for the answer to the one before.
//!
//! Caught by: starts the next call while others are under way

use std::cell::Cell;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::given::{Backend, Busy, Call};

const INTERVAL: Duration = Duration::from_millis(100);

const CREDIT: Duration = Duration::from_millis(200);

pub async fn serve(mut calls: mpsc::Receiver<Call>, backend: Backend) {
    let next = Cell::new(Instant::now());
    while let Some(call) = calls.recv().await {
        let answer = match book(&next, call.patience) {
            Ok(start) => {
                sleep_until(start).await;
                Ok(backend.ask(call.id).await)
            }
            Err(busy) => Err(busy),
        };
        _ = call.reply.send(answer);
    }
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
