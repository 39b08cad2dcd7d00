//! "You cannot share a receiver, so one loop spawns the work": there are as many consumers as items.
//!
//! Caught by: works on two items at once

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::BoxStream;
use tokio::sync::mpsc::{Sender, channel};
use tokio::task::JoinSet;

pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> Vec<Result<String, Failure>> {
    let (sender, mut queue) = channel(2);
    for source in sources {
        tokio::spawn(produce(source, sender.clone()));
    }
    drop(sender);
    let mut tasks = JoinSet::new();
    while let Some(item) = queue.recv().await {
        let work = work.clone();
        tasks.spawn(async move { work.call(&item).await });
    }
    tasks.join_all().await
}

async fn produce(mut source: BoxStream<'static, String>, queue: Sender<String>) {
    while let Some(item) = source.next().await {
        if queue.send(item).await.is_err() {
            return;
        }
    }
}
