//! "It is lost and the queue is open, so I send it again": half-done work is done twice.
//!
//! Caught by: sends a request once, even when it is lost

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
    let mut again = false;
    loop {
        let (reply, answer) = oneshot::channel();
        match queue.try_send((request.clone(), reply)) {
            Ok(()) => match answer.await {
                Ok(answer) => return Ok(answer),
                Err(_) if !again && !queue.is_closed() => again = true,
                Err(_) => return Err(Refused::Lost),
            },
            Err(_) if again => return Err(Refused::Lost),
            Err(TrySendError::Full((request, _))) => return Err(Refused::Full(request)),
            Err(TrySendError::Closed((request, _))) => return Err(Refused::Closed(request)),
        }
    }
}
