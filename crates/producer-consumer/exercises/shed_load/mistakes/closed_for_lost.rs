//! "No answer came, so the queue is closed": the client sends a request elsewhere that may be half done.
//!
//! Caught by: returns `Lost` when the worker dies with a request

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

pub type Job = (String, oneshot::Sender<String>);

#[derive(Debug)]
pub enum Refused {
    Full(String),
    Closed(String),
    Lost,
}

pub async fn submit(queue: &mpsc::Sender<Job>, request: String) -> Result<String, Refused> {
    let (reply, answer) = oneshot::channel();

    match queue.try_send((request.clone(), reply)) {
        Ok(()) => answer.await.map_err(|_| Refused::Closed(request)),
        Err(TrySendError::Full((request, _))) => Err(Refused::Full(request)),
        Err(TrySendError::Closed((request, _))) => Err(Refused::Closed(request)),
    }
}
