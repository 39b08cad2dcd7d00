//! "If `send` is not ready at its first poll, there is no room": it may be pending although there is room.
//!
//! Caught by: checks for a free place and takes it in one step

use tokio::sync::{mpsc, oneshot};

pub type Job = (String, oneshot::Sender<String>);

#[derive(Debug)]
pub enum Refused {
    Full(String),
    Closed(String),
    Lost,
}

pub async fn submit(queue: &mpsc::Sender<Job>, request: String) -> Result<String, Refused> {
    use futures::FutureExt;
    let (reply, answer) = oneshot::channel();
    match queue.send((request.clone(), reply)).now_or_never() {
        Some(Ok(())) => answer.await.map_err(|_| Refused::Lost),
        Some(Err(_)) => Err(Refused::Closed(request)),
        None => Err(Refused::Full(request)),
    }
}
