//! "A request is one line": the worker never gets the second line.
//!
//! Caught by: passes on requests and answers unchanged

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
    match queue.try_send((request.lines().next().unwrap_or("").to_owned(), reply)) {
        Ok(()) => answer.await.map_err(|_dropped| Refused::Lost),
        Err(TrySendError::Full((request, _))) => Err(Refused::Full(request)),
        Err(TrySendError::Closed((request, _))) => Err(Refused::Closed(request)),
    }
}
