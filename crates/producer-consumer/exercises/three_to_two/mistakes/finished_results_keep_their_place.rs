//! "`buffered(2)` is like two consumers": a finished result keeps its place until all earlier ones have ended.
//!
//! Caught by: gives the next item to the consumer that is free

use exam::{Failure, Service};
use futures::StreamExt;
use futures::future::join_all;
use futures::stream::{self, BoxStream};
use tokio::sync::mpsc::channel;

pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> Vec<Result<String, Failure>> {
    let (sender, queue) = channel(2);
    let producers = join_all(sources.map(|mut source| {
        let sender = sender.clone();
        async move {
            while let Some(item) = source.next().await {
                sender.send(item).await.unwrap();
            }
        }
    }));
    drop(sender);
    let items = stream::unfold(queue, async |mut queue| Some((queue.recv().await?, queue)));
    let consumers = items.map(|item| work.call(&item)).buffered(2).collect();
    tokio::join!(producers, consumers).1
}
