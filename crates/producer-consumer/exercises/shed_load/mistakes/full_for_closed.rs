//! "If I cannot send it, the queue is full": the clients of a dead worker are told to come back later.
//!
//! Caught by: returns `Closed` for a closed queue, and not `Full`

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
        Err(refused) => Err(Refused::Full(refused.into_inner().0)),
    }
}
