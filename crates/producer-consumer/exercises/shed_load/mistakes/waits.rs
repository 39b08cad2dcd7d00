//! "The queue is bounded, so it protects the worker": `send` waits, so the requests pile up before the queue.
//!
//! Caught by: refuses a request immediately when the queue is full

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

    match queue.send((request, reply)).await {
        Ok(()) => answer.await.map_err(|_| Refused::Lost),
        Err(mpsc::error::SendError((request, _))) => Err(Refused::Closed(request)),
    }
}
