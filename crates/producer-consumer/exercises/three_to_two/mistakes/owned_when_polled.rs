//! "`AbortOnDropHandle` owns the task": a block makes it at its first poll, and holds a plain handle until then.
//!
//! Caught by: stops everything when its caller gives up

use std::sync::Arc;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::future::join_all;
use futures::stream::BoxStream;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

type R = Vec<Result<String, Failure>>;

async fn produce(mut source: BoxStream<'static, String>, queue: Sender<String>) {
    while let Some(item) = source.next().await {
        if queue.send(item).await.is_err() {
            return;
        }
    }
}

async fn consume(queue: Arc<Mutex<Receiver<String>>>, work: Service) -> R {
    let mut results = Vec::new();
    loop {
        let next = queue.lock().await.recv().await;
        let Some(item) = next else { return results };
        results.push(work.call(&item).await);
    }
}

pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> R {
    let (sender, queue) = channel(2);
    let mut set = JoinSet::new();
    for s in sources {
        let h = tokio::spawn(produce(s, sender.clone()));
        set.spawn(async move {
            AbortOnDropHandle::new(h).await.unwrap();
            Vec::new()
        });
    }
    drop(sender);
    let queue = Arc::new(Mutex::new(queue));
    set.spawn(consume(Arc::clone(&queue), work.clone()));
    set.spawn(consume(queue, work));
    set.join_all().await.concat()
}
