//! "As in asyncio: when the queue is empty, I cancel the consumers": the items that they work on are lost.
//!
//! Caught by: works on every item, and ends by itself

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::BoxStream;
use std::sync::{Arc, Mutex};
use tokio::task::JoinSet;

pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> Vec<Result<String, Failure>> {
    let (sender, queue) = async_channel::bounded(2);
    let mut producers = JoinSet::new();
    for mut source in sources {
        let sender = sender.clone();
        producers.spawn(async move {
            while let Some(item) = source.next().await {
                sender.send(item).await.unwrap();
            }
        });
    }
    let results = Arc::new(Mutex::new(Vec::new()));
    let mut consumers = JoinSet::new();
    for _ in 0..2 {
        let (queue, results, work) = (queue.clone(), results.clone(), work.clone());
        consumers.spawn(async move {
            while let Ok(item) = queue.recv().await {
                let result = work.call(&item).await;
                results.lock().unwrap().push(result);
            }
        });
    }
    producers.join_all().await;
    while !queue.is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    consumers.abort_all();
    let results = results.lock().unwrap().clone();
    results
}
