//! "A short wait does no harm": under load, every client waits for a place that does not come.
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

    match queue.send_timeout((request, reply), std::time::Duration::from_millis(20)).await {
        Ok(()) => answer.await.map_err(|_| Refused::Lost),
        Err(mpsc::error::SendTimeoutError::Timeout((request, _))) => Err(Refused::Full(request)),
        Err(mpsc::error::SendTimeoutError::Closed((request, _))) => Err(Refused::Closed(request)),
    }
}
