//! "`FuturesOrdered` keeps the calls": it also keeps each answer until all earlier calls are answered.
//!
//! Caught by: refuses a call immediately if it would wait too long

use std::cell::Cell;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesOrdered;
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
    let mut calls = ReceiverStream::new(calls).fuse();
    let mut under_way = FuturesOrdered::new();
    loop {
        let call: Call = tokio::select! {
            Some(call) = calls.next() => call,
            Some((reply, text)) = under_way.next() => {
                let reply: tokio::sync::oneshot::Sender<Result<String, Busy>> = reply;
                _ = reply.send(Ok(text));
                continue;
            }
            else => return,
        };
        let backend = &backend;
        // Each call gets its moment when it comes. No await lies between reading and writing.
        let start = book(&next, call.patience);
        match start {
            Ok(start) => under_way.push_back(async move {
                sleep_until(start).await;
                (call.reply, backend.ask(call.id).await)
            }),
            Err(busy) => _ = call.reply.send(Err(busy)),
        }
    }
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
