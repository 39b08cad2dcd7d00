//! "An empty answer means no answer": it is an answer.
//!
//! Caught by: passes on requests and answers unchanged

use std::time::Duration;
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
    let (reply, answer) = oneshot::channel();
    match queue.try_send((request, reply)) {
        Ok(()) => answer.await.ok().filter(|text| !text.is_empty()).ok_or(Refused::Lost),
        Err(TrySendError::Full((request, _))) => Err(Refused::Full(request)),
        Err(TrySendError::Closed((request, _))) => Err(Refused::Closed(request)),
    }
}
