//! "A line ends with `\n`": an answer with a `\r\n` in it comes back changed.
//!
//! Caught by: passes on requests and answers unchanged

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
        Ok(()) => {}
        Err(mpsc::error::TrySendError::Full((request, _))) => return Err(Refused::Full(request)),
        Err(mpsc::error::TrySendError::Closed((request, _))) => return Err(Refused::Closed(request)),
    }
    let answer = answer.await.map_err(|_| Refused::Lost)?;
    Ok(answer.replace("\r\n", "\n"))
}
