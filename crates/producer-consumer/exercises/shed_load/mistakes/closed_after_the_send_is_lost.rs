//! "The queue is closed, so the answer will not come": the worker still takes what is in the queue, and answers it.
//!
//! Caught by: waits for the answer as long as it takes

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

/// A request, and where the worker sends the answer.
pub type Job = (String, oneshot::Sender<String>);

/// Why there is no answer.
#[derive(Debug)]
pub enum Refused {
    /// The queue is full: here is the request, try elsewhere.
    Full(String),
    /// The worker is gone: here is the request.
    Closed(String),
    /// The worker took the request and died.
    Lost,
}

/// Hands a request to the worker and returns its answer, or refuses it at once when the queue is full.
pub async fn submit(queue: &mpsc::Sender<Job>, request: String) -> Result<String, Refused> {
    let (reply, answer) = oneshot::channel();
    match queue.try_send((request, reply)) {
        Ok(()) if queue.is_closed() => Err(Refused::Lost),
        Ok(()) => answer.await.map_err(|_dropped| Refused::Lost),
        Err(TrySendError::Full((request, _))) => Err(Refused::Full(request)),
        Err(TrySendError::Closed((request, _))) => Err(Refused::Closed(request)),
    }
}
