//! "Three in 300 ms make ten a second": at the border between two windows, five start together.
//!
//! Caught by: keeps the rate at the border between two windows

use std::cell::Cell;
use std::time::Duration;

use futures::StreamExt;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_stream::wrappers::ReceiverStream;

use super::given::{Backend, Busy, Call};

const WINDOW: Duration = Duration::from_millis(300);

pub async fn serve(calls: mpsc::Receiver<Call>, backend: Backend) {
    let window = Cell::new((Instant::now(), 0));
    let each = |call: Call| {
        let backend = &backend;
        let start = book(&window, call.patience);
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

fn book(window: &Cell<(Instant, u32)>, patience: Duration) -> Result<Instant, Busy> {
    let now = Instant::now();
    let (mut begins, mut count) = window.get();
    if now >= begins + WINDOW {
        (begins, count) = (now, 0);
    }
    if count == 3 {
        (begins, count) = (begins + WINDOW, 0);
    }
    let start = begins.max(now);
    if start - now > patience {
        return Err(Busy { retry_after: start - now });
    }
    window.set((begins, count + 1));
    Ok(start)
}
