//! A micro-batcher: it merges calls that are made at about the same time into one call. Other languages call it a data loader.
//!
//! ```sh
//! cargo run -p batching
//! ```
#![doc = include_str!("../README.md")]

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::fmt::{self, Debug, Display, Formatter};
use std::hash::Hash;
use std::time::Duration;

use futures::future::join_all;
use futures::{Stream, StreamExt, stream};
use tokio::sync::{mpsc, oneshot};
use tokio_stream::wrappers::ReceiverStream;

pub mod naive;

/// Makes a [`Loader`], and the future that does its work.
/// Spawn that future, or poll it together with the callers: `tokio::join!(work, callers)`.
///
/// A batch is complete when it has `limit` callers, when `patience` has passed since its first caller, or when no more calls can come.
/// While calls come without a pause, the work does not check the time: then only `limit` completes a batch.
/// When a batch is complete, the work calls `ask` with its keys, each key once.
/// The next batch fills in the meantime, and `ask` may be called for it before the first answer comes.
/// Nothing limits how many calls of `ask` run at once. If your backend needs a limit, acquire a semaphore inside `ask`.
///
/// `ask` returns rows: pairs of a key and its value, in any order. It may leave out keys that do not exist.
///
/// The work ends when the loader and its clones are dropped and all answers are delivered.
/// If you drop the work, the calls of `ask` are dropped too, and their callers get [`Failed::Gone`]. If `ask` panics, the work panics.
///
/// # Panics
///
/// If `limit` is 0. The work panics outside a Tokio runtime with time enabled.
///
/// Source: [`chunks_timeout`](https://docs.rs/tokio-stream/latest/tokio_stream/trait.StreamExt.html#method.chunks_timeout), and [`DataLoader`](https://github.com/graphql/dataloader) for JavaScript.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # use std::time::Duration;
/// let (loader, work) = batching::loader(3, Duration::from_millis(20), async |ids: Vec<u32>| {
///     Ok::<_, String>(ids.into_iter().map(|id| (id, id * id)).collect())
/// });
/// tokio::spawn(work);
/// let squares = tokio::join!(loader.load(2), loader.load(3)); // one call for both
/// assert_eq!(squares, (Ok(4), Ok(9)));
/// # }
/// ```
pub fn loader<K, V, E, F>(
    limit: usize,
    patience: Duration,
    ask: impl Fn(Vec<K>) -> F,
) -> (Loader<K, V, E>, impl Future<Output = ()>)
where
    K: Clone + Eq + Hash,
    V: Clone,
    E: Clone,
    F: Future<Output = Result<Vec<(K, V)>, E>>,
{
    let (calls, queue) = mpsc::channel::<Call<K, V, E>>(limit);
    let batches = tokio_stream::StreamExt::chunks_timeout(ReceiverStream::new(queue), limit, patience);
    // It accepts new calls while other calls are running.
    let work = batches.for_each_concurrent(None, move |batch| {
        let batch: Vec<_> = batch.into_iter().filter(|call| !call.reply.is_closed()).collect();
        let keys = distinct(&batch);
        let asked = (!keys.is_empty()).then(|| ask(keys));
        async move {
            if let Some(asked) = asked {
                answer(batch, &asked.await);
            }
        }
    });
    (Loader { calls }, work)
}

/// The keys of a batch, each key once, in the order in which they came.
fn distinct<K: Clone + Eq + Hash, V, E>(batch: &[Call<K, V, E>]) -> Vec<K> {
    let mut seen = HashSet::new();
    batch.iter().map(|call| &call.key).filter(|key| seen.insert(*key)).cloned().collect()
}

/// Gives each caller of the batch the row of its key. If a key has several rows, the caller gets the first. An error goes to all callers.
fn answer<K: Eq + Hash, V: Clone, E: Clone>(batch: Vec<Call<K, V, E>>, answer: &Result<Vec<(K, V)>, E>) {
    // If each caller searched the rows, the time would grow with the square of the batch size.
    let rows: Result<HashMap<_, _>, _> =
        answer.as_ref().map(|rows| rows.iter().rev().map(|(key, value)| (key, value)).collect());
    for Call { key, reply } in batch {
        let own = match &rows {
            Ok(rows) => rows.get(&key).map(|&value| value.clone()).ok_or(Failed::Missing),
            Err(error) => Err(Failed::Backend(E::clone(error))),
        };
        // The caller may have left in the meantime.
        _ = reply.send(own);
    }
}

/// A call that waits in the queue.
struct Call<K, V, E> {
    key: K,
    reply: oneshot::Sender<Result<V, Failed<E>>>,
}

/// Asks for one value at a time. [`loader`] makes it. All clones fill the same batches.
pub struct Loader<K, V, E> {
    calls: mpsc::Sender<Call<K, V, E>>,
}

impl<K, V, E> Loader<K, V, E> {
    /// Waits for the value of this key.
    ///
    /// The future makes the call when you first poll it. The future does not keep the loader alive.
    ///
    /// Cancel safe: yes. If you drop the future before the batch is complete, `ask` does not get the key on your behalf. Otherwise the answer is dropped.
    ///
    /// # Errors
    ///
    /// See [`Failed`].
    pub fn load(&self, key: K) -> impl Future<Output = Result<V, Failed<E>>> + use<K, V, E> {
        let calls = self.calls.clone();
        async move {
            let (reply, answer) = oneshot::channel();
            calls.send(Call { key, reply }).await.map_err(|_closed| Failed::Gone)?;
            // The queue ends when its last sender is dropped. Then the rest is flushed.
            drop(calls);
            answer.await.unwrap_or(Err(Failed::Gone))
        }
    }
}

impl<K, V, E> Clone for Loader<K, V, E> {
    fn clone(&self) -> Self {
        Self { calls: self.calls.clone() }
    }
}

/// Why [`Loader::load`] has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed<E> {
    /// The call of the backend failed. Every caller of the batch gets this error.
    Backend(E),
    /// The backend has no row of this key.
    Missing,
    /// The loader's work was dropped, or it panicked.
    Gone,
}

impl<E: Display> Display for Failed<E> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Backend(error) => Display::fmt(error, f),
            Self::Missing => f.write_str("there is no such row"),
            Self::Gone => f.write_str("the loader is gone"),
        }
    }
}

impl<E: Debug + Display> Error for Failed<E> {}

/// Runs the futures in batches of `size`. The next batch starts when the slowest future of this batch has ended.
/// The stream yields each batch of outputs as one item, in the order of its futures.
///
/// Use this if something must happen between two batches: a commit or a pause.
/// Otherwise [`buffer_unordered`](futures::StreamExt::buffer_unordered) is faster, because it starts the next future as soon as one has ended.
///
/// A batch starts when you poll for it. If you drop the stream, the futures of the running batch are dropped.
///
/// # Panics
///
/// If `size` is 0.
///
/// Source: [`chunks`](futures::StreamExt::chunks), and `itertools.batched` with a `gather` for each batch.
///
/// ```
/// # use futures::StreamExt;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let futures = [1, 2, 3, 4, 5].map(|number| async move { number });
/// let batches: Vec<_> = batching::batch_after_batch(futures, 2).collect().await;
/// assert_eq!(batches, [vec![1, 2], vec![3, 4], vec![5]]);
/// # }
/// ```
pub fn batch_after_batch<I>(futures: I, size: usize) -> impl Stream<Item = Vec<<I::Item as Future>::Output>>
where
    I: IntoIterator<Item: Future>,
{
    stream::iter(futures).chunks(size).then(join_all)
}
