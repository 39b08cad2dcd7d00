//! "A task of its own waits for the answer": when the client gives up, the task still waits, and the worker works for nothing.
//!
//! Caught by: lets the worker see that a client has given up

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
    match queue.try_send((request, reply)) {
        Ok(()) => tokio::spawn(answer).await.unwrap().map_err(|_| Refused::Lost),
        Err(TrySendError::Full((request, _))) => Err(Refused::Full(request)),
        Err(TrySendError::Closed((request, _))) => Err(Refused::Closed(request)),
    }
}
