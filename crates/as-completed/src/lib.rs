//! Results in the order in which they come: the first after the shortest delay, each with its input.
//!
//! The counterpart of asyncio's [`as_completed`](https://docs.python.org/3.11/library/asyncio-task.html#asyncio.as_completed).
//!
//! ```sh
//! cargo run -p as-completed
//! ```
#![doc = include_str!("../README.md")]

pub mod naive;

use std::num::NonZeroUsize;

use futures::stream::{self, FuturesUnordered};
use futures::{Stream, StreamExt};
use tokio::task::JoinError;
use tokio_util::task::AbortOnDropHandle;

/// Yields each future's output as soon as there is one, with the future's index among the inputs.
///
/// All futures share the task that polls the stream. They may borrow, and they start at the stream's first poll.
/// They run only while something awaits the stream's next item, and dropping the stream drops them.
/// If more than 128 results are ready at once, the rest comes later and in another order: a task's budget for one poll is at most 128.
/// With a slow loop body, use [`as_completed_at_most`], whose futures go on meanwhile.
///
/// Cancel safe: `next()` may be dropped and called again, because what is running stays in the stream.
///
/// # Panics
///
/// Polling it panics if one of the futures does.
///
/// Source: [`FuturesUnordered`](https://docs.rs/futures/0.3/futures/stream/struct.FuturesUnordered.html).
///
/// ```
/// # use std::time::Duration;
/// # use futures::StreamExt;
/// # use tokio::time::sleep;
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let delays = [30, 10, 20];
/// let futures = delays.map(|milliseconds| sleep(Duration::from_millis(milliseconds)));
///
/// let mut completed = as_completed::as_completed(futures);
/// let mut order = Vec::new();
/// while let Some((index, ())) = completed.next().await {
///     order.push(delays[index]);
/// }
/// assert_eq!(order, [10, 20, 30]);
/// # }
/// ```
pub fn as_completed<F>(futures: impl IntoIterator<Item = F>) -> impl Stream<Item = (usize, F::Output)> + Unpin
where
    F: Future,
{
    indexed(futures)
}

/// Does the work for each input, at most `limit` at a time, and yields each result as soon as there is one, with the input's index.
///
/// Each piece of work is a task of its own, so it goes on while the loop that reads the stream does something else.
/// The next piece is started when the loop asks for the next result and fewer than `limit` are running or waiting to be read:
/// a slow loop slows the starting, and results do not pile up.
/// The limit of 0, with which it would wait for ever, is excluded by its type.
/// Dropping the stream aborts what is running, without waiting for its end.
///
/// Cancel safe: `next()` may be dropped and called again, because what is running stays in the stream.
///
/// # Errors
///
/// A piece of work that panics is an `Err` under its index; the others go on.
///
/// # Panics
///
/// Polling it panics outside of a Tokio runtime, or if `work` itself panics before it returns a future.
///
/// Source: [`buffer_unordered`](https://docs.rs/futures/0.3/futures/stream/trait.StreamExt.html#method.buffer_unordered) and
/// [`AbortOnDropHandle`](https://docs.rs/tokio-util/0.7/tokio_util/task/struct.AbortOnDropHandle.html).
///
/// ```
/// # use std::num::NonZeroUsize;
/// # use std::time::Duration;
/// # use futures::StreamExt;
/// # use tokio::time::sleep;
/// async fn download(kilobytes: u64) -> u64 {
///     sleep(Duration::from_millis(kilobytes)).await;
///     kilobytes
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), tokio::task::JoinError> {
/// let two = const { NonZeroUsize::new(2).unwrap() };
/// let mut downloads = as_completed::as_completed_at_most(two, [50, 10, 20], download);
/// let mut order = Vec::new();
/// while let Some((_index, kilobytes)) = downloads.next().await {
///     order.push(kilobytes?);
/// }
/// assert_eq!(order, [10, 20, 50]);
/// # Ok(())
/// # }
/// ```
pub fn as_completed_at_most<I, F>(
    limit: NonZeroUsize,
    inputs: impl IntoIterator<Item = I>,
    mut work: impl FnMut(I) -> F,
) -> impl Stream<Item = (usize, Result<F::Output, JoinError>)> + Unpin
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    stream::iter(inputs)
        .enumerate()
        .map(move |(index, input)| {
            let task = AbortOnDropHandle::new(tokio::spawn(work(input)));
            async move { (index, task.await) }
        })
        .buffer_unordered(limit.get())
}

/// Waits for the first `needed` good answers, and drops the other futures.
///
/// Returns them in the order in which they came, each with its future's index.
/// Fails as soon as too many have failed for enough to be left, without waiting for the rest.
/// If 0 are needed, no future is started.
///
/// Cancel safe: no, because the answers so far are dropped with it, and so are the futures.
///
/// # Errors
///
/// The errors up to then, each with its future's index; none if there were too few futures from the start.
/// The good answers up to then are dropped: fewer than `needed` are of no use.
///
/// # Panics
///
/// If one of the futures does; the others are dropped.
///
/// Source: [`FuturesUnordered`](https://docs.rs/futures/0.3/futures/stream/struct.FuturesUnordered.html).
///
/// ```
/// # use std::time::Duration;
/// # use tokio::time::sleep;
/// async fn replica(milliseconds: u64) -> Result<u64, &'static str> {
///     sleep(Duration::from_millis(milliseconds)).await;
///     if milliseconds < 20 { Err("out of date") } else { Ok(milliseconds) }
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let answers = as_completed::quorum(2, [50, 10, 90, 30].map(replica)).await;
/// assert_eq!(answers, Ok(vec![(3, 30), (0, 50)]));
/// # }
/// ```
pub async fn quorum<T, E, F>(
    needed: usize,
    futures: impl IntoIterator<Item = F>,
) -> Result<Vec<(usize, T)>, Vec<(usize, E)>>
where
    F: Future<Output = Result<T, E>>,
{
    let mut running = indexed(futures);
    let mut answers = Vec::new();
    let mut errors = Vec::new();
    while answers.len() < needed {
        if answers.len() + running.len() < needed {
            return Err(errors);
        }
        match running.next().await {
            Some((index, Ok(answer))) => answers.push((index, answer)),
            Some((index, Err(error))) => errors.push((index, error)),
            None => return Err(errors),
        }
    }
    Ok(answers)
}

fn indexed<F>(futures: impl IntoIterator<Item = F>) -> FuturesUnordered<impl Future<Output = (usize, F::Output)>>
where
    F: Future,
{
    futures.into_iter().enumerate().map(|(index, future)| async move { (index, future.await) }).collect()
}
