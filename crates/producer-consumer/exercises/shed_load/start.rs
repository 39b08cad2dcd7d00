//! If the queue is full, refuse a request immediately, and return it. README.md beside this file describes the task.

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
    todo!()
}
