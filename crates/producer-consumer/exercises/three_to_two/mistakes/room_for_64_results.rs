//! "A channel with room enough takes the results, and I read it at the end": from the 65th on, the consumers wait for room that nobody makes.
//!
//! Caught by: keeps the results of many items

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
    let (done, mut results) = channel(64);
    tokio::join!(producers, consume(&queue, &work, done.clone()), consume(&queue, &work, done));
    let mut all = Vec::new();
    while let Some(result) = results.recv().await {
        all.push(result);
    }
    all
}

async fn produce(mut source: BoxStream<'static, String>, queue: Sender<String>) {
    while let Some(item) = source.next().await {
        if queue.send(item).await.is_err() {
            return;
        }
    }
}

async fn consume(queue: &Mutex<Receiver<String>>, work: &Service, done: Sender<Result<String, Failure>>) {
    loop {
        let next = queue.lock().await.recv().await;
        let Some(item) = next else { return };
        let _ = done.send(work.call(&item).await).await;
    }
}
