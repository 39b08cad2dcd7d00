//! "Unbounded is simpler, because nothing has to wait": nothing slows the sources down, and their items pile up.
//!
//! Caught by: makes a source wait when the queue is full, and not earlier

use std::sync::Arc;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::BoxStream;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;

pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> Vec<Result<String, Failure>> {
    let (sender, queue) = unbounded_channel();
    let mut producers = JoinSet::new();
    for mut source in sources {
        let sender = sender.clone();
        producers.spawn(async move {
            while let Some(item) = source.next().await {
                let _ = sender.send(item);
            }
        });
    }
    drop(sender);
    let queue = Arc::new(Mutex::new(queue));
    let mut consumers = JoinSet::new();
    for _ in 0..2 {
        consumers.spawn(consume(queue.clone(), work.clone()));
    }
    consumers.join_all().await.concat()
}

async fn consume(queue: Arc<Mutex<UnboundedReceiver<String>>>, work: Service) -> Vec<Result<String, Failure>> {
    let mut results = Vec::new();
    loop {
        let next = queue.lock().await.recv().await;
        let Some(item) = next else { return results };
        results.push(work.call(&item).await);
    }
}
