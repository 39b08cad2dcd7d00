//! The versions that go wrong.

use std::sync::Arc;
use std::time::Duration;

use futures::{Stream, StreamExt};
use timeline::LaneExt;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::{Mutex, Semaphore};
use tokio::task::{JoinError, JoinSet};
use tokio::time::interval;

use crate::produce;

/// A queue that ignores its capacity: it never makes a producer wait, and grows until memory runs out.
#[must_use]
pub fn channel<T>(_capacity: usize) -> (Sender<T>, Receiver<T>) {
    mpsc::channel(Semaphore::MAX_PERMITS)
}

/// Holds the lock while it works, because the temporaries of a `while let` live until the end of its body. So only one consumer works at a time.
pub async fn consume<T, R, Fut>(queue: Arc<Mutex<Receiver<T>>>, work: impl Fn(T) -> Fut) -> Vec<R>
where
    Fut: Future<Output = R>,
{
    let mut results = Vec::new();
    while let Some(item) = queue.lock().await.recv().await {
        results.push(work(item).await);
    }
    results
}

/// Like [`crate::run`], but with the consumers from above, so more consumers do not help.
///
/// # Errors
///
/// A [`JoinError`] when a producer or a consumer panics.
pub async fn run_locked<T, S, R, F, Fut>(
    (sender, receiver): (Sender<T>, Receiver<T>),
    sources: impl IntoIterator<Item = S>,
    consumers: usize,
    work: F,
) -> Result<Vec<R>, JoinError>
where
    T: Send + 'static,
    S: Stream<Item = T> + Send + 'static,
    R: Send + 'static,
    F: Fn(T) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = R> + Send + 'static,
{
    let _producing = spawn_producers(&sender, sources);
    drop(sender);
    let receiver = Arc::new(Mutex::new(receiver));
    let mut consuming = JoinSet::new();
    for number in 1..=consumers {
        consuming.spawn(consume(Arc::clone(&receiver), work.clone()).lane(format!("consumer {number}")));
    }
    collect(consuming).await
}

/// Keeps its own sender while it waits for the consumers. The consumers wait until that sender is dropped, so it never returns.
///
/// # Errors
///
/// A [`JoinError`] when a consumer panics.
pub async fn run_forgetful<T, S, R, F, Fut>(
    (sender, receiver): (Sender<T>, Receiver<T>),
    sources: impl IntoIterator<Item = S>,
    consumers: usize,
    work: F,
) -> Result<Vec<R>, JoinError>
where
    T: Send + 'static,
    S: Stream<Item = T> + Send + 'static,
    R: Send + 'static,
    F: Fn(T) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = R> + Send + 'static,
{
    let _producing = spawn_producers(&sender, sources);
    let receiver = Arc::new(Mutex::new(receiver));
    let mut consuming = JoinSet::new();
    for number in 1..=consumers {
        consuming.spawn(crate::consume(Arc::clone(&receiver), work.clone()).lane(format!("consumer {number}")));
    }
    collect(consuming).await
}

/// Each producer sends a `None` that ends one consumer. With fewer consumers than producers, items are lost. With more, it never returns.
///
/// # Errors
///
/// A [`JoinError`] when a consumer panics.
pub async fn run_with_sentinels<T, S, R, F, Fut>(
    (sender, receiver): (Sender<Option<T>>, Receiver<Option<T>>),
    sources: impl IntoIterator<Item = S>,
    consumers: usize,
    work: F,
) -> Result<Vec<R>, JoinError>
where
    T: Send + 'static,
    S: Stream<Item = T> + Send + 'static,
    R: Send + 'static,
    F: Fn(T) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = R> + Send + 'static,
{
    let sources = sources.into_iter().map(|source| source.map(Some).chain(futures::stream::iter([None])));
    let _producing = spawn_producers(&sender, sources);
    let receiver = Arc::new(Mutex::new(receiver));
    let mut consuming = JoinSet::new();
    for number in 1..=consumers {
        let (receiver, work) = (Arc::clone(&receiver), work.clone());
        let consumer = async move {
            let mut results = Vec::new();
            loop {
                let next = receiver.lock().await.recv().await;
                let Some(Some(item)) = next else { return results };
                results.push(work(item).await);
            }
        };
        consuming.spawn(consumer.lane(format!("consumer {number}")));
    }
    collect(consuming).await
}

/// Keeps a sender to read the length, so the queue never closes, and the consumers never end.
pub fn watch_length<T, F>(queue: &Sender<T>, every: Duration, mut seen: F) -> impl Future<Output = ()> + use<T, F>
where
    F: FnMut(usize),
{
    let queue = queue.clone();
    async move {
        let mut looks = interval(every);
        loop {
            looks.tick().await;
            seen(queue.max_capacity() - queue.capacity());
        }
    }
}

fn spawn_producers<T, S>(sender: &Sender<T>, sources: impl IntoIterator<Item = S>) -> JoinSet<()>
where
    T: Send + 'static,
    S: Stream<Item = T> + Send + 'static,
{
    let mut producing = JoinSet::new();
    for (source, number) in sources.into_iter().zip(1..) {
        let producer = produce(source, sender.clone()).try_lane(format!("producer {number}"));
        producing.spawn(async { drop(producer.await) });
    }
    producing
}

async fn collect<R: 'static>(mut consuming: JoinSet<Vec<R>>) -> Result<Vec<R>, JoinError> {
    let mut results = Vec::new();
    while let Some(ended) = consuming.join_next().await {
        results.extend(ended?);
    }
    Ok(results)
}
