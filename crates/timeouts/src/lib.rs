//! Timeouts: how long to wait, and what happens to the work when the wait is over.
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

/// Why [`retry`] gave up: how its last attempt ended, and the last error that an attempt returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaveUp<E> {
    /// The last attempt took longer than its share of the time, or there was none. An earlier attempt may have returned this error.
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

/// Calls `attempt` until it succeeds, up to `tries` times, and begins no attempt after `limit`.
///
/// All attempts share one deadline. Each may take an equal share of the remaining time. So an attempt that fails early leaves more time to the next ones.
/// Tokio's timers count whole milliseconds, so a smaller share lasts until the next millisecond: of 100 tries in 20 ms, about 20 are made.
/// An attempt that blocks its thread can run past the deadline. Then no further attempt begins.
/// There is no pause between attempts. If a service needs one, add a back-off.
///
/// The bound is `FnMut() -> F`, not `AsyncFnMut()`. With `AsyncFnMut`, you cannot spawn a call whose closure borrows its captured variables.
///
/// Cancel safe: if `attempt` is, because `retry` keeps only the number of tries and the last error.
/// An attempt that times out is dropped, so `attempt` must be cancel safe in any case.
///
/// # Errors
///
/// [`GaveUp`] says how the last attempt ended. If there was none, because `tries` or `limit` is 0, it is [`GaveUp::TimedOut`] with no error.
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
/// let answer = timeouts::retry(Duration::from_millis(100), 2, || {
///     let delay = delays.next().unwrap_or_default();
///     async move {
///         sleep(delay).await;
///         Ok::<_, std::io::Error>("answer")
///     }
/// });
/// assert_eq!(answer.await.unwrap(), "answer"); // after 50 ms + 20 ms
/// # }
/// ```
pub async fn retry<T, E, F>(limit: Duration, tries: u32, mut attempt: impl FnMut() -> F) -> Result<T, GaveUp<E>>
where
    F: Future<Output = Result<T, E>>,
{
    let started = Instant::now();
    let mut last = GaveUp::TimedOut(None);
    for left in (1..=tries).rev() {
        let rest = limit.saturating_sub(started.elapsed());
        if rest.is_zero() {
            break;
        }
        match timeout(rest / left, attempt()).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => last = GaveUp::Failed(error),
            Err(_elapsed) => last = GaveUp::TimedOut(last.into_error()),
        }
    }
    Err(last)
}

/// Receives into `batch` until it holds `most` items, `limit` is over, or every sender is gone.
///
/// One timeout limits the whole loop, so a steady trickle of items does not postpone its end.
/// Returns whether more items may come. `false` means that every sender is dropped, and you have received everything they sent.
/// A call that ends with a full batch returns `true` without checking the senders. The next call finds out.
///
/// Cancel safe: yes. `recv` is cancel safe, and there is no await between receiving an item and pushing it into `batch`.
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

/// Waits up to `limit` for a task, then stops it and waits for it to end.
///
/// When this returns, the task has ended. `asyncio.wait_for` guarantees the same.
/// `None` means that the task was stopped. A task that finishes despite the abort is `Some`.
/// A task that never yields cannot be stopped, and neither can a `spawn_blocking` closure that has begun. Then this function waits until the work ends.
///
/// Cancel safe: no, because a dropped call aborts the task (though without waiting for its end).
///
/// # Errors
///
/// If the task panicked, or if other code aborted it before the limit.
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
/// A computation never yields by itself, so a timeout would get no chance to end it.
/// [`consume_budget`] makes it yield to the runtime at least once in 128 blocks of 1,024 bytes.
/// Longer work belongs on another thread: `cargo run -p executor-offload`.
///
/// Cancel safe: yes, because it changes nothing. A new call starts again from the first byte.
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

/// How many bytes are summed for each unit of the budget.
const BLOCK: usize = 1024;

/// An `async fn` that waits for nothing. To await it is the same as a plain call.
async fn sum_of_block(block: &[u8]) -> u64 {
    block.iter().copied().map(u64::from).sum()
}
