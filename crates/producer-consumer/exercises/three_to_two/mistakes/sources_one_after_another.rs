//! "One loop can feed the queue": the second source makes nothing until the first has ended.
//!
//! Caught by: lets all three sources make items at once

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::BoxStream;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Receiver, channel};

pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> Vec<Result<String, Failure>> {
    let (sender, queue) = channel(2);
    let producer = async move {
        for mut source in sources {
            while let Some(item) = source.next().await {
                let _ = sender.send(item).await;
            }
        }
    };
    let queue = Mutex::new(queue);
    let (_, one, other) = tokio::join!(producer, consume(&queue, &work), consume(&queue, &work));
    [one, other].concat()
}

async fn consume(queue: &Mutex<Receiver<String>>, work: &Service) -> Vec<Result<String, Failure>> {
    let mut results = Vec::new();
    loop {
        let next = queue.lock().await.recv().await;
        let Some(item) = next else { return results };
        results.push(work.call(&item).await);
    }
}
