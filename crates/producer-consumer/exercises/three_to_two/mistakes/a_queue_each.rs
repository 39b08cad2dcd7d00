//! "Each consumer has its receiver, so each needs a channel": the items are dealt out in turn, even to a busy consumer.
//!
//! Caught by: gives the next item to the consumer that is free

use exam::{Failure, Service};
use futures::StreamExt;
use futures::future::join_all;
use futures::stream::BoxStream;
use tokio::sync::mpsc::{Receiver, Sender, channel};

pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> Vec<Result<String, Failure>> {
    let (left, left_queue) = channel(1);
    let (right, right_queue) = channel(1);
    let producers = join_all(sources.map(|source| produce(source, [left.clone(), right.clone()])));
    drop((left, right));
    let (_, one, other) = tokio::join!(producers, consume(left_queue, &work), consume(right_queue, &work));
    [one, other].concat()
}

async fn produce(mut source: BoxStream<'static, String>, queues: [Sender<String>; 2]) {
    let mut turn = 0;
    while let Some(item) = source.next().await {
        let _ = queues[turn % 2].send(item).await;
        turn += 1;
    }
}

async fn consume(mut queue: Receiver<String>, work: &Service) -> Vec<Result<String, Failure>> {
    let mut results = Vec::new();
    while let Some(item) = queue.recv().await {
        results.push(work.call(&item).await);
    }
    results
}
