//! "What does not fit is dropped": the error that holds the request is thrown away, and the client learns that it is lost.
//!
//! Caught by: hands back the request that it refuses

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
