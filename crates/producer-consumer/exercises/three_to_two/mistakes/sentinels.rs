//! "I must tell the consumers": each producer sends a `None` at its end, and two early ones end both consumers.
//!
//! Caught by: works on every item, and ends by itself

use std::sync::Arc;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::BoxStream;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::JoinSet;

pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> Vec<Result<String, Failure>> {
    let (sender, queue) = channel(2);
    let mut producers = JoinSet::new();
    for mut source in sources {
        let sender = sender.clone();
        producers.spawn(async move {
            while let Some(item) = source.next().await {
                let _ = sender.send(Some(item)).await;
            }
            let _ = sender.send(None).await;
        });
    }
    let queue = Arc::new(Mutex::new(queue));
    let mut consumers = JoinSet::new();
    for _ in 0..2 {
        consumers.spawn(consume(queue.clone(), work.clone()));
    }
    consumers.join_all().await.concat()
}

async fn consume(queue: Arc<Mutex<Receiver<Option<String>>>>, work: Service) -> Vec<Result<String, Failure>> {
    let mut results = Vec::new();
    loop {
        let next = queue.lock().await.recv().await;
        let Some(Some(item)) = next else { return results };
        results.push(work.call(&item).await);
    }
}
