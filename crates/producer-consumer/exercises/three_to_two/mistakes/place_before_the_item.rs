//! "First a place, then the item": two sources hold both places while they make an item, and the third makes nothing.
//!
//! Caught by: lets all three sources make items at once

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
    let (_, one, other) = tokio::join!(producers, consume(&queue, &work), consume(&queue, &work));
    [one, other].concat()
}

async fn produce(mut source: BoxStream<'static, String>, queue: Sender<String>) {
    loop {
        let Ok(place) = queue.reserve().await else { return };
        let Some(item) = source.next().await else { return };
        place.send(item);
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
