//! Timeouts: how long to wait, and what becomes of the work when the wait is over.
//!
//! The counterpart of `asyncio.timeout`, `asyncio.timeout_at` and `asyncio.wait_for`.
//!
//! ```sh
//! cargo run -p timeouts
//! ```
#![doc = include_str!("../README.md")]

use std::error::Error;
use std::fmt;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::coop::consume_budget;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::{Instant, timeout};
use tokio_util::task::AbortOnDropHandle;

pub mod naive;

/// Why [`retry`] gave up: how its last attempt ended, and the last error that there was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaveUp<E> {
    /// The last attempt took longer than its share of the time; of those before it, the last that failed returned this error.
    TimedOut(Option<E>),
    /// The last attempt returned this error.
    Failed(E),
}

impl<E> GaveUp<E> {
    /// The last error that an attempt returned, if any did.
    pub fn into_error(self) -> Option<E> {
        match self {
            Self::TimedOut(error) => error,
            Self::Failed(error) => Some(error),
        }
    }
}

impl<E> fmt::Display for GaveUp<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut(_) => f.write_str("the last attempt timed out"),
            Self::Failed(_) => f.write_str("the last attempt failed"),
        }
    }
}

impl<E: Error + 'static> Error for GaveUp<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::TimedOut(error) => error.as_ref().map(|error| error as _),
            Self::Failed(error) => Some(error),
        }
    }
}

/// Calls `attempt` until it succeeds, up to `tries` times, in at most `limit` altogether.
///
/// All attempts share one deadline: each may take an equal share of the time that is left, so an attempt that fails early leaves more to those after it.
/// There is no pause between attempts; a service that asks for one needs a back-off as well.
///
/// Cancel safe: yes if `attempt` is, because nothing is kept but the number of tries.
/// An attempt that times out is dropped, so `attempt` has to be cancel safe in any case.
///
/// # Errors
///
/// [`GaveUp`] says how the last attempt ended. With `tries` of 0 there is none, and it is [`GaveUp::TimedOut`] with no error.
///
/// # Panics
///
/// Outside a Tokio runtime with a timer.
///
/// Source: [`tokio::time::timeout`](https://docs.rs/tokio/latest/tokio/time/fn.timeout.html).
///
/// ```
/// # use std::time::Duration;
/// # use tokio::time::sleep;
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let mut delays = [900, 20].map(Duration::from_millis).into_iter();
/// let answer = timeouts::retry(Duration::from_millis(100), 2, async || {
///     sleep(delays.next().unwrap_or_default()).await;
///     Ok::<_, std::io::Error>("answer")
/// });
/// assert_eq!(answer.await.unwrap(), "answer"); // after 50 ms + 20 ms
/// # }
/// ```
pub async fn retry<T, E>(
    limit: Duration,
    tries: u32,
    mut attempt: impl AsyncFnMut() -> Result<T, E>,
) -> Result<T, GaveUp<E>> {
    let started = Instant::now();
    let mut last = GaveUp::TimedOut(None);
    for left in (1..=tries).rev() {
        let share = limit.saturating_sub(started.elapsed()) / left;
        match timeout(share, attempt()).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => last = GaveUp::Failed(error),
            Err(_elapsed) => last = GaveUp::TimedOut(last.into_error()),
        }
    }
    Err(last)
}

/// Receives into `batch` until it holds `most` items, `limit` is over, or every sender is gone.
///
/// One timeout stands around the whole loop, so a steady trickle of items does not put off its end.
/// Returns whether more may come: `false` once every sender is gone and all they sent was received.
///
/// Cancel safe: yes, because `recv` is and what it received is in `batch` before the next await.
///
/// # Panics
///
/// Outside a Tokio runtime with a timer.
///
/// Source: [`tokio::sync::mpsc::Receiver::recv`](https://docs.rs/tokio/latest/tokio/sync/mpsc/struct.Receiver.html#method.recv).
///
/// ```
/// # use std::time::Duration;
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let (sender, mut receiver) = tokio::sync::mpsc::channel(8);
/// sender.send("first").await.unwrap();
/// let mut batch = Vec::new();
/// assert!(timeouts::fill(&mut batch, 8, Duration::from_millis(50), &mut receiver).await);
/// assert_eq!(batch, ["first"]); // after 50 ms, and not 8 items
/// # }
/// ```
pub async fn fill<T>(batch: &mut Vec<T>, most: usize, limit: Duration, receiver: &mut mpsc::Receiver<T>) -> bool {
    let receive = async {
        while batch.len() < most {
            match receiver.recv().await {
                Some(item) => batch.push(item),
                None => return false,
            }
        }
        true
    };
    timeout(limit, receive).await.unwrap_or(true)
}

/// Waits up to `limit` for a task, then stops it and waits for its end.
///
/// Afterwards the task itself runs no more, whichever way it ended; this is the promise of `asyncio.wait_for`.
/// `None` means that it was stopped; a task that finishes in spite of the abort is `Some`.
/// A task that never yields cannot be stopped, nor can a closure of `spawn_blocking` that has begun: then this waits on, until it ends.
///
/// Cancel safe: no, because a dropped call aborts the task (though without waiting for its end).
///
/// # Errors
///
/// The task panicked, or was aborted by somebody else before the limit.
///
/// # Panics
///
/// Outside a Tokio runtime with a timer.
///
/// Source: [`AbortOnDropHandle`](https://docs.rs/tokio-util/latest/tokio_util/task/struct.AbortOnDropHandle.html).
///
/// ```
/// # use std::time::Duration;
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), tokio::task::JoinError> {
/// let task = tokio::spawn(std::future::pending::<()>());
/// assert_eq!(timeouts::finish_or_stop(Duration::from_millis(50), task).await?, None);
/// # Ok(()) }
/// ```
pub async fn finish_or_stop<T>(limit: Duration, task: JoinHandle<T>) -> Result<Option<T>, JoinError> {
    let mut task = AbortOnDropHandle::new(task);
    if let Ok(result) = timeout(limit, &mut task).await {
        return result.map(Some);
    }
    task.abort();
    match task.await {
        Err(error) if error.is_cancelled() => Ok(None),
        result => result.map(Some),
    }
}

/// The sum of all bytes, computed so that a timeout can end it.
///
/// Computing suspends by itself nowhere, so a timeout would get no chance.
/// [`consume_budget`] makes it yield from time to time: after 128 blocks here, which are some tens of microseconds.
/// Work that takes longer than a moment belongs on another thread: `cargo run -p executor-offload`.
///
/// Cancel safe: yes, because it changes nothing; but it starts again from the first byte.
///
/// Source: [`tokio::task::coop`](https://docs.rs/tokio/latest/tokio/task/coop/index.html).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// assert_eq!(timeouts::checksum(&[1, 2, 3]).await, 6);
/// # }
/// ```
pub async fn checksum(bytes: &[u8]) -> u64 {
    let mut sum = 0;
    for block in bytes.chunks(BLOCK) {
        sum += sum_of_block(block).await;
        consume_budget().await;
    }
    sum
}

/// So many bytes are summed between two chances to yield.
const BLOCK: usize = 1024;

/// An `async fn` that has nothing to wait for: awaiting it is a plain call.
async fn sum_of_block(block: &[u8]) -> u64 {
    block.iter().copied().map(u64::from).sum()
}
