//! "A zero byte ends a text": the worker gets only the first half of the request.
//!
//! Caught by: passes on requests and answers unchanged

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

/// A request, and the sender for the worker's answer.
pub type Job = (String, oneshot::Sender<String>);

/// Why there is no answer.
#[derive(Debug)]
pub enum Refused {
    /// The queue is full. This is the request: try another server.
    Full(String),
    /// The worker is gone. This is the request.
    Closed(String),
    /// The worker took the request and died.
    Lost,
}

/// Sends a request to the worker and returns its answer. Refuses it immediately if the queue is full.
pub async fn submit(queue: &mpsc::Sender<Job>, request: String) -> Result<String, Refused> {
    let request = request.split('\0').next().unwrap_or_default().to_owned();
    let (reply, answer) = oneshot::channel();
    match queue.try_send((request, reply)) {
        Ok(()) => answer.await.map_err(|_dropped| Refused::Lost),
        Err(TrySendError::Full((request, _))) => Err(Refused::Full(request)),
        Err(TrySendError::Closed((request, _))) => Err(Refused::Closed(request)),
    }
}
