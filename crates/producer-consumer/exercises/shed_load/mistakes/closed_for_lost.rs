//! "No answer, so the queue is closed": the client tries elsewhere with a request that was perhaps half done.
//!
//! Caught by: says that a request is lost when the worker dies with it

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
