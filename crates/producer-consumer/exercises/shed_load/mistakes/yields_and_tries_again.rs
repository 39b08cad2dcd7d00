//! "One more try does no harm": under load, each refused client costs one more turn.
//!
//! Caught by: refuses a request immediately when the queue is full

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
        Ok(()) => answer.await.map_err(|_| Refused::Lost),
        Err(TrySendError::Full(job)) => {
            tokio::task::yield_now().await;
            match queue.try_send(job) {
                Ok(()) => answer.await.map_err(|_| Refused::Lost),
                Err(back) => Err(Refused::Full(back.into_inner().0)),
            }
        }
        Err(TrySendError::Closed((request, _))) => Err(Refused::Closed(request)),
    }
}
