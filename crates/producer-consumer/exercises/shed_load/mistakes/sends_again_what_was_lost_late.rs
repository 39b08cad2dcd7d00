//! "Lost after a minute: once more".
//!
//! Caught by: sends a request once, also when it is lost

use std::time::Duration;
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
