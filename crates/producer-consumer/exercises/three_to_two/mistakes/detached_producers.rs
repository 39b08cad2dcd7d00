//! "The producers end by themselves when the receiver is dropped": a producer notices it at its next `send`, and waits for its source until then.
//!
//! Caught by: stops everything when its caller gives up

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::BoxStream;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Receiver, Sender, channel};

pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> Vec<Result<String, Failure>> {
    let (sender, queue) = channel(2);
    for source in sources {
        tokio::spawn(produce(source, sender.clone()));
    }
    drop(sender);
    let queue = Mutex::new(queue);
    let (one, other) = tokio::join!(consume(&queue, &work), consume(&queue, &work));
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
