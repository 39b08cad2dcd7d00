//! "Nobody waits longer than a second": this is the decision of the client, and the request is not lost.
//!
//! Caught by: waits for the answer as long as it takes

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
        Ok(()) => match tokio::time::timeout(std::time::Duration::from_secs(1), answer).await {
            Ok(Ok(text)) => Ok(text),
            _ => Err(Refused::Lost),
        },
        Err(TrySendError::Full((request, _))) => Err(Refused::Full(request)),
        Err(TrySendError::Closed((request, _))) => Err(Refused::Closed(request)),
    }
}
