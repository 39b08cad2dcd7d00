//! Errors in async code: how a task can fail, and how to keep all of the information.
//!
//! ```sh
//! cargo run -p errors
//! ```
#![doc = include_str!("../README.md")]

use std::any::Any;
use std::error::Error;
use std::io;
use std::iter::successors;
use std::num::NonZeroU32;
use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt, BufWriter};
use tokio::task::JoinError;
use tokio::time::sleep;
use tracing::warn;

pub mod naive;

/// How a job in a task failed. [`end_of`] makes it.
///
/// Match on it where you treat the three cases differently. [`report`] puts all of it into one line.
#[derive(Debug, thiserror::Error)]
pub enum JobError<E> {
    /// The job returned this error. [`Error::source`] returns it too.
    #[error("failed")]
    Failed(#[source] E),
    /// The job panicked, with this message: a bug in the job.
    #[error("panicked: {0}")]
    Panicked(String),
    /// The task was aborted, or its runtime shut down.
    #[error("cancelled")]
    Cancelled,
}

impl<E> From<JoinError> for JobError<E> {
    fn from(error: JoinError) -> Self {
        error.try_into_panic().map_or(Self::Cancelled, |panic| Self::Panicked(panic_message(panic)))
    }
}

/// Waits for a task. Returns the value of its job, or how the task failed.
///
/// The argument is a [`JoinHandle`](tokio::task::JoinHandle), or a `&mut` to one, or any other future with the same output.
///
/// Cancel safe: no, if you pass the handle itself, because a dropped handle detaches its task. With `&mut handle` you can wait again.
///
/// # Errors
///
/// [`JobError::Failed`] if the job returned an error, [`JobError::Panicked`] if it panicked, [`JobError::Cancelled`] if the task was aborted.
///
/// Source: [`JoinError`].
///
/// ```
/// # use errors::{JobError, end_of};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let task = tokio::spawn(async { "7".parse::<u8>() });
/// assert_eq!(end_of(task).await.unwrap(), 7);
///
/// let task = tokio::spawn(async { "seven".parse::<u8>() });
/// assert!(matches!(end_of(task).await, Err(JobError::Failed(_))));
/// # }
/// ```
pub async fn end_of<T, E>(task: impl Future<Output = Result<Result<T, E>, JoinError>>) -> Result<T, JobError<E>> {
    task.await?.map_err(JobError::Failed)
}

/// The message of a panic.
///
/// `panic!` carries a `&str` if its message is fixed, and a `String` if it was formatted. So this function checks for both.
/// [`panic_any`](std::panic::panic_any) can carry any other value. Then there is no message, and the result says so.
///
/// Source: [`PanicHookInfo::payload`](std::panic::PanicHookInfo::payload).
///
/// ```
/// let panic = std::panic::catch_unwind(|| panic!("no figures")).unwrap_err();
/// assert_eq!(errors::panic_message(panic), "no figures");
/// ```
#[must_use]
pub fn panic_message(panic: Box<dyn Any + Send>) -> String {
    let panic = match panic.downcast::<String>() {
        Ok(text) => return *text,
        Err(panic) => panic,
    };
    panic.downcast_ref::<&str>().copied().unwrap_or("without a message").to_owned()
}

/// The error in one line, with all its sources: `failed: no answer: connection refused`.
///
/// `to_string` returns only the outermost error.
///
/// ```
/// let error = errors::JobError::Failed(std::io::Error::other("disk full"));
/// assert_eq!(error.to_string(), "failed");
/// assert_eq!(errors::report(&error), "failed: disk full");
/// ```
#[must_use]
pub fn report(error: &dyn Error) -> String {
    let texts: Vec<_> = successors(Some(error), |&error| error.source()).map(ToString::to_string).collect();
    texts.join(": ")
}

/// An error that knows whether another attempt makes sense.
pub trait Transient {
    /// Whether the same call may succeed a moment later.
    fn is_transient(&self) -> bool;
}

/// Calls `attempt` until it succeeds, fails permanently, or has failed `tries` times. It waits for `pause` between two attempts.
///
/// Give each attempt its own time limit. For one deadline for all attempts, see `retry` in the topic `timeouts`.
///
/// Cancel safe: if the attempt is. If you drop the call, it makes no further attempt.
///
/// # Errors
///
/// A permanent error at once, or otherwise the transient error of the last attempt.
///
/// ```
/// use std::{num::NonZeroU32, time::Duration};
/// use errors::{Transient, retry};
///
/// # #[derive(Debug, PartialEq)]
/// enum Refused { Busy, Forbidden }
///
/// impl Transient for Refused {
///     fn is_transient(&self) -> bool {
///         matches!(self, Self::Busy)
///     }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let mut answers = [Err(Refused::Busy), Err(Refused::Forbidden), Ok("never asked")].into_iter();
/// let answer = retry(NonZeroU32::MAX, Duration::from_millis(1), || std::future::ready(answers.next().unwrap()));
/// assert_eq!(answer.await, Err(Refused::Forbidden));
/// # }
/// ```
pub async fn retry<T, E, F>(tries: NonZeroU32, pause: Duration, mut attempt: impl FnMut() -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
    E: Transient,
{
    for _ in 1..tries.get() {
        match attempt().await {
            Err(error) if error.is_transient() => sleep(pause).await,
            ended => return ended,
        }
    }
    attempt().await
}

/// Collects lines in a buffer, and writes them to a file or a connection.
///
/// Call [`close`](Self::close) at the end: only `close` can return the last error. A drop can only warn.
#[derive(Debug)]
pub struct Journal<W: AsyncWrite + Unpin> {
    writer: BufWriter<W>,
    /// Whether a line was added, and no `close` has completed since then.
    open: bool,
}

impl<W: AsyncWrite + Unpin> Journal<W> {
    /// A journal that writes to this writer.
    pub fn new(writer: W) -> Self {
        Self { writer: BufWriter::new(writer), open: false }
    }

    /// Adds a line. Usually this only fills the buffer, so it succeeds even if nothing can be written.
    ///
    /// Cancel safe: no. A dropped call may have added part of the line.
    ///
    /// # Errors
    ///
    /// If the buffer is full and the write fails.
    pub async fn line(&mut self, text: &str) -> io::Result<()> {
        self.open = true;
        self.writer.write_all(text.as_bytes()).await?;
        self.writer.write_all(b"\n").await
    }

    /// Writes the contents of the buffer, and closes the writer.
    ///
    /// Cancel safe: no. A dropped call drops the journal, and the journal warns.
    ///
    /// # Errors
    ///
    /// If the write fails. Then lines are lost.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (near, far) = tokio::io::duplex(64);
    /// let mut journal = errors::Journal::new(near);
    /// drop(far);
    /// journal.line("nobody reads this").await?;
    /// assert!(journal.close().await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn close(mut self) -> io::Result<()> {
        let ended = self.writer.shutdown().await;
        self.open = false;
        ended
    }
}

impl<W: AsyncWrite + Unpin> Drop for Journal<W> {
    fn drop(&mut self) {
        // Even if the buffer is empty, the writer may hold an error that it has not reported yet. A Tokio file can.
        if self.open {
            let lost = self.writer.buffer().len();
            warn!("a journal was not closed, {lost} bytes are lost");
        }
    }
}
