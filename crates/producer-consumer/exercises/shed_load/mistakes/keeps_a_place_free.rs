//! "The queue is full when one place is left": it never uses the second place.
//!
//! Caught by: refuses no request while there is room

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

    if queue.capacity() <= 1 {
        return Err(Refused::Full(request));
    }
    match queue.try_send((request, reply)) {
        Ok(()) => answer.await.map_err(|_| Refused::Lost),
        Err(TrySendError::Full((request, _))) => Err(Refused::Full(request)),
        Err(TrySendError::Closed((request, _))) => Err(Refused::Closed(request)),
    }
}
