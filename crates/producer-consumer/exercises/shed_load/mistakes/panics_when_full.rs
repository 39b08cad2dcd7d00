//! "There will be room": `unwrap` panics when the queue is full.
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

    queue.try_send((request, reply)).unwrap();
    answer.await.map_err(|_| Refused::Lost)
}
