//! "It was lost after a minute, so I send it again": half-done work is done twice.
//!
//! Caught by: sends a request once, even when it is lost

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
    let begun = tokio::time::Instant::now();
    let again = request.clone();
    let (reply, answer) = oneshot::channel();
    match queue.try_send((request, reply)) {
        Ok(()) => match answer.await {
            Ok(text) => Ok(text),
            Err(_) if begun.elapsed() > Duration::from_secs(30) => {
                let (reply, answer) = oneshot::channel();
                queue.try_send((again, reply)).map_err(|_| Refused::Lost)?;
                answer.await.map_err(|_| Refused::Lost)
            }
            Err(_) => Err(Refused::Lost),
        },
        Err(TrySendError::Full((request, _))) => Err(Refused::Full(request)),
        Err(TrySendError::Closed((request, _))) => Err(Refused::Closed(request)),
    }
}
