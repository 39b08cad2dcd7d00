//! "The consumers know when all is done": a producer that panicked looks like one that ended, and the list is too short.
//!
//! Caught by: passes on that a call panicked

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
    loop {
        let next = queue.lock().await.recv().await;
        let Some(item) = next else { return results };
        results.push(work.call(&item).await);
    }
}
