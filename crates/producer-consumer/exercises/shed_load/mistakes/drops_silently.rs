//! "I drop what does not fit": the error with the request is thrown away, and the client gets `Lost`.
//!
//! Caught by: returns the request that it refuses

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

    let _ = queue.try_send((request, reply));
    answer.await.map_err(|_| Refused::Lost)
}
