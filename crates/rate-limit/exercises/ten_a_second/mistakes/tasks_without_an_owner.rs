//! "I keep the handles": a dropped handle does not stop its task.
//!
//! Caught by: stops everything when its caller gives up

use std::cell::Cell;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::given::{Backend, Busy, Call};

const INTERVAL: Duration = Duration::from_millis(100);

const CREDIT: Duration = Duration::from_millis(200);

pub async fn serve(mut calls: mpsc::Receiver<Call>, backend: Backend) {
    let next = Cell::new(Instant::now());
    let mut handles = Vec::new();
    while let Some(call) = calls.recv().await {
        let start = book(&next, call.patience);
        let backend = backend.clone();
        handles.push(tokio::spawn(async move {
            let answer = match start {
                Ok(start) => {
                    sleep_until(start).await;
                    Ok(backend.ask(call.id).await)
                }
                Err(busy) => Err(busy),
            };
            _ = call.reply.send(answer);
        }));
    }
    for handle in handles {
        _ = handle.await;
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
