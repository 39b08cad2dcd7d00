//! "If `try_send` fails, I try again": a loop with a pause of ten milliseconds is like `send`, but later and out of order.
//!
//! Caught by: refuses a request immediately when the queue is full

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

    let mut job = (request, reply);
    loop {
        match queue.try_send(job) {
            Ok(()) => return answer.await.map_err(|_| Refused::Lost),
            Err(TrySendError::Full(back)) => job = back,
            Err(TrySendError::Closed((request, _))) => return Err(Refused::Closed(request)),
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}
