//! "A panic may have been bad luck": it does the work again.
//!
//! Caught by: passes on that a call panicked

use exam::{Failure, Service};
use futures::StreamExt;
use futures::future::join_all;
use futures::stream::BoxStream;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;

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
        let next = queue.lock().await.recv().await;
        let Some(item) = next else { return results };
        let result = loop {
            let mut once = tokio::task::JoinSet::new();
            once.spawn(work.call(&item));
            if let Some(Ok(result)) = once.join_next().await {
                break result;
            }
        };
        results.push(result);
    }
}
