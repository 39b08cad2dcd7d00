//! "The tasks end when my future is dropped": a dropped `JoinHandle` detaches its task.
//!
//! Caught by: stops everything when its caller gives up

use std::sync::Arc;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::BoxStream;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Receiver, Sender, channel};

pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> Vec<Result<String, Failure>> {
    let (sender, queue) = channel(2);
    for source in sources {
        tokio::spawn(produce(source, sender.clone()));
    }
    drop(sender);
    let queue = Arc::new(Mutex::new(queue));
    let one = tokio::spawn(consume(queue.clone(), work.clone()));
    let other = tokio::spawn(consume(queue, work));
    [one.await.unwrap(), other.await.unwrap()].concat()
}

async fn produce(mut source: BoxStream<'static, String>, queue: Sender<String>) {
    while let Some(item) = source.next().await {
        if queue.send(item).await.is_err() {
            return;
        }
    }
}

async fn consume(queue: Arc<Mutex<Receiver<String>>>, work: Service) -> Vec<Result<String, Failure>> {
    let mut results = Vec::new();
    loop {
        let next = queue.lock().await.recv().await;
        let Some(item) = next else { return results };
        results.push(work.call(&item).await);
    }
}
