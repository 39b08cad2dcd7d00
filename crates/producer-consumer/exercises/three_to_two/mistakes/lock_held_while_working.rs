//! "The lock is only for the line with `recv`": in a `while let`, it is held to the end of the block, so two consumers work like one.
//!
//! Caught by: works on two items at once

use std::sync::Arc;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::BoxStream;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;

pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> Vec<Result<String, Failure>> {
    let (sender, queue) = channel(2);
    let mut producers = JoinSet::new();
    for source in sources {
        producers.spawn(produce(source, sender.clone()));
    }
    drop(sender);
    let queue = Arc::new(Mutex::new(queue));
    let mut consumers = JoinSet::new();
    for _ in 0..2 {
        consumers.spawn(consume(queue.clone(), work.clone()));
    }
    consumers.join_all().await.concat()
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
    while let Some(item) = queue.lock().await.recv().await {
        results.push(work.call(&item).await);
    }
    results
}
