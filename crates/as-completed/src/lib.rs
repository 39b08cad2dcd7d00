//! Yields results in the order in which they become ready, each with the index of its input.
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

/// Yields the output of each future as soon as the future is ready, with its index among the inputs.
///
/// All futures share the task that polls the stream. They may borrow. They start when you first poll the stream.
/// They run only while you await the stream's next item. If you drop the stream, they are dropped too.
/// If more than 128 results are ready at once, the rest comes later and in another order.
/// Tokio gives a task a budget of at most 128 for one poll.
/// If the body of your loop is slow, use [`as_completed_at_most`]: its futures keep running in the meantime.
///
/// Cancel safe: yes. You may drop `next()` and call it again, because the running futures stay in the stream.
///
/// # Panics
///
/// Polling the stream panics if one of the futures panics.
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

/// Does the work for each input, at most `limit` at a time.
/// It yields each result as soon as it is ready, with the index of the input.
///
/// Each piece of work is a separate task, so it keeps running while the loop that reads the stream does something else.
/// The next piece starts when the loop asks for the next result and fewer than `limit` are running or waiting to be read.
/// So a slow loop starts work more slowly, and results do not pile up.
/// With a limit of 0 it would wait for ever, so the type of `limit` does not allow 0.
/// If you drop the stream, it aborts the running tasks and does not wait for them to end.
///
/// Cancel safe: yes. You may drop `next()` and call it again, because the running futures stay in the stream.
///
/// # Errors
///
/// If a piece of work panics, its index comes with an `Err`. The others keep running.
///
/// # Panics
///
/// Polling the stream panics outside of a Tokio runtime, or if `work` itself panics before it returns a future.
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

/// Waits for the first `needed` successful results, and drops the other futures.
///
/// Returns the results in the order in which they came, each with the index of its future.
/// Fails as soon as so many futures have failed that too few are left. It does not wait for the rest.
/// If `needed` is 0, no future starts.
///
/// Cancel safe: no. If you drop the call, the results so far and the futures are dropped too.
///
/// # Errors
///
/// The errors so far, each with the index of its future. The list is empty if there were too few futures from the start.
/// The successful results so far are dropped.
///
/// # Panics
///
/// If one of the futures panics. The others are dropped.
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
