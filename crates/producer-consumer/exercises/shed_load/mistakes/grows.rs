//! "A task can wait for the place, so I need not": the queue has two places, but any number of tasks wait for one.
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

    let queue = queue.clone();
    tokio::spawn(async move {
        let _ = queue.send((request, reply)).await;
    });
    answer.await.map_err(|_| Refused::Lost)
}
