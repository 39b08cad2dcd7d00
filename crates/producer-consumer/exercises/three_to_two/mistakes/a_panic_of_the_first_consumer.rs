//! "A consumer that ends without a list has no results": it hides a panic of the first consumer.
//!
//! Caught by: passes on that a call panicked

use std::sync::Arc;

use exam::{Failure, Service};
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt};
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_util::task::AbortOnDropHandle;

type R = Vec<Result<String, Failure>>;

async fn produce(mut source: BoxStream<'static, String>, queue: Sender<String>) {
    while let Some(item) = source.next().await {
        if queue.send(item).await.is_err() {
            return;
        }
    }
}

async fn consume(queue: Arc<Mutex<Receiver<String>>>, work: Service) -> R {
    let mut results = Vec::new();
    loop {
        let next = queue.lock().await.recv().await;
        let Some(item) = next else { return results };
        results.push(work.call(&item).await);
    }
}

pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> R {
    let (sender, queue) = channel(2);
    let producers: Vec<_> =
        sources.into_iter().map(|s| AbortOnDropHandle::new(tokio::spawn(produce(s, sender.clone())))).collect();
    drop(sender);
    let queue = Arc::new(Mutex::new(queue));
    let one = AbortOnDropHandle::new(tokio::spawn(consume(Arc::clone(&queue), work.clone())));
    let two = AbortOnDropHandle::new(tokio::spawn(consume(queue, work)));
    for p in producers {
        p.await.unwrap();
    }
    let mut all = one.await.unwrap_or_default();
    all.extend(two.await.unwrap());
    all
}
