//! "I count the requests inside": when a client gives up, the line that counts down does not run.
//!
//! Caught by: goes on when clients have given up

use tokio::sync::{mpsc, oneshot};

pub type Job = (String, oneshot::Sender<String>);

#[derive(Debug)]
pub enum Refused {
    Full(String),
    Closed(String),
    Lost,
}

pub async fn submit(queue: &mpsc::Sender<Job>, request: String) -> Result<String, Refused> {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static INSIDE: AtomicUsize = AtomicUsize::new(0);
    let (reply, answer) = oneshot::channel();
    if queue.is_closed() {
        return Err(Refused::Closed(request));
    }
    if INSIDE.load(Ordering::SeqCst) >= 3 {
        return Err(Refused::Full(request));
    }
    INSIDE.fetch_add(1, Ordering::SeqCst);
    let sent = queue.send((request, reply)).await;
    let result = match sent {
        Ok(()) => answer.await.map_err(|_| Refused::Lost),
        Err(mpsc::error::SendError((request, _))) => Err(Refused::Closed(request)),
    };
    INSIDE.fetch_sub(1, Ordering::SeqCst);
    result
}
