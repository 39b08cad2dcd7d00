//! "After a hundred items one worker is enough": the task wants two to the end.
//!
//! Caught by: keeps the results of many items

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
    let (_, one, other) = tokio::join!(producers, consume(&queue, &work), few(&queue, &work));
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
        results.push(work.call(&item).await);
    }
}

async fn few(queue: &Mutex<Receiver<String>>, work: &Service) -> Vec<Result<String, Failure>> {
    let mut results = Vec::new();
    for _ in 0..100 {
        let next = queue.lock().await.recv().await;
        let Some(item) = next else { return results };
        results.push(work.call(&item).await);
    }
    results
}
