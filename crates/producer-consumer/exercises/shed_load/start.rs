//! A full queue refuses at once, and hands back what it refuses: README.md beside this file says what is wanted.

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
    todo!()
}
