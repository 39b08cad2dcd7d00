//! "`try_recv`, and a short sleep if there is nothing": it wakes up every millisecond, even if nothing comes.
//!
//! Caught by: sleeps while nothing comes

use exam::{Failure, Service};
use futures::StreamExt;
use futures::future::join_all;
use futures::stream::BoxStream;
use tokio::sync::Mutex;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::mpsc::{Receiver, Sender, channel};

pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> Vec<Result<String, Failure>> {
    let (sender, queue) = channel(2);
    let producers = join_all(sources.map(|source| produce(source, sender.clone())));
    drop(sender);
    let queue = Mutex::new(queue);
    let (_, one, other) = tokio::join!(producers, consume(&queue, &work), consume(&queue, &work));
    [one, other].concat()
}

async fn produce(mut source: BoxStream<'static, String>, queue: Sender<String>) {
    while let Some(item) = source.next().await {
        if queue.send(item).await.is_err() {
            return;
        }
    }
}

async fn consume(queue: &Mutex<Receiver<String>>, work: &Service) -> Vec<Result<String, Failure>> {
    let mut results = Vec::new();
    loop {
        let next = queue.lock().await.try_recv();
        match next {
            Ok(item) => results.push(work.call(&item).await),
            Err(TryRecvError::Empty) => tokio::time::sleep(std::time::Duration::from_millis(1)).await,
            Err(TryRecvError::Disconnected) => return results,
        }
    }
}
