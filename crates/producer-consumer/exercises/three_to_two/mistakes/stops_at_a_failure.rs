//! "I handle a failure with `?`": it ends the consumer, and the remaining items have one consumer less.
//!
//! Caught by: goes on when the work on an item fails

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
    drop(queue);
    let mut results = Vec::new();
    while let Some(ended) = consumers.join_next().await {
        match ended.unwrap() {
            Ok(texts) => results.extend(texts.into_iter().map(Ok)),
            Err(failure) => results.push(Err(failure)),
        }
    }
    results
}

async fn produce(mut source: BoxStream<'static, String>, queue: Sender<String>) {
    while let Some(item) = source.next().await {
        if queue.send(item).await.is_err() {
            return;
        }
    }
}

async fn consume(queue: Arc<Mutex<Receiver<String>>>, work: Service) -> Result<Vec<String>, Failure> {
    let mut texts = Vec::new();
    loop {
        let next = queue.lock().await.recv().await;
        let Some(item) = next else { return Ok(texts) };
        texts.push(work.call(&item).await?);
    }
}
