//! "A timeout of zero does not wait": it drops the `send`, and the `send` owns the request.
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

    match tokio::time::timeout(std::time::Duration::ZERO, queue.send((request, reply))).await {
        Ok(Ok(())) => answer.await.map_err(|_| Refused::Lost),
        Ok(Err(mpsc::error::SendError((request, _)))) => Err(Refused::Closed(request)),
        Err(_elapsed) => Err(Refused::Full(String::new())),
    }
}
