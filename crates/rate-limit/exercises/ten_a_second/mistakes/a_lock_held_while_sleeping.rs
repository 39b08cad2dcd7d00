//! "A lock keeps the order": the thread blocks on a lock whose holder sleeps.
//!
//! Caught by: starts at most ten a second

use std::sync::Mutex;
use std::time::Duration;

use futures::StreamExt;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use tokio_stream::wrappers::ReceiverStream;

use super::given::{Backend, Busy, Call};

const INTERVAL: Duration = Duration::from_millis(100);
const CREDIT: Duration = Duration::from_millis(200);

pub async fn serve(calls: mpsc::Receiver<Call>, backend: Backend) {
    let next = Mutex::new(Instant::now());
    let each = |call: Call| {
        let (next, backend) = (&next, &backend);
        async move {
            let start = start(next, call.patience).await;
            let answer = match start {
                Ok(()) => Ok(backend.ask(call.id).await),
                Err(busy) => Err(busy),
            };
            _ = call.reply.send(answer);
        }
    };
    ReceiverStream::new(calls).for_each_concurrent(None, each).await;
}

async fn start(next: &Mutex<Instant>, patience: Duration) -> Result<(), Busy> {
    let mut next = next.lock().unwrap();
    let now = Instant::now();
    let due = (*next).max(now);
    let wait = (due - now).saturating_sub(CREDIT);
    if wait > patience {
        return Err(Busy { retry_after: wait });
    }
    sleep(wait).await;
    *next = due + INTERVAL;
    Ok(())
}
