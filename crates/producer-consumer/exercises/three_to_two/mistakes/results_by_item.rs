//! "I store the results by item, as in a dict": two equal items have one entry.
//!
//! Caught by: sets no time limit

use std::collections::HashMap;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::future::join_all;
use futures::stream::BoxStream;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Receiver, Sender, channel};

pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> Vec<Result<String, Failure>> {
    let (sender, queue) = channel(2);
    let producers = join_all(sources.map(|source| produce(source, sender.clone())));
    drop(sender);
    let queue = Mutex::new(queue);
    let (_, mut results, others) = tokio::join!(producers, consume(&queue, &work), consume(&queue, &work));
    results.extend(others);
    results.into_values().collect()
}

async fn produce(mut source: BoxStream<'static, String>, queue: Sender<String>) {
    while let Some(item) = source.next().await {
        if queue.send(item).await.is_err() {
            return;
        }
    }
}

async fn consume(queue: &Mutex<Receiver<String>>, work: &Service) -> HashMap<String, Result<String, Failure>> {
    let mut results = HashMap::new();
    loop {
        let next = queue.lock().await.recv().await;
        let Some(item) = next else { return results };
        let result = work.call(&item).await;
        results.insert(item, result);
    }
}
