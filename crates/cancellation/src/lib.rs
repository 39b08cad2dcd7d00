//! Cancellation: how to stop work before it is finished, and what state that leaves.
//!
//! The counterpart of `Task.cancel`, `asyncio.shield`, `asyncio.CancelledError` and `try`/`finally`.
//!
//! ```sh
//! cargo run -p cancellation
//! ```
#![doc = include_str!("../README.md")]

use std::future::pending;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet, spawn_blocking};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub mod naive;

/// Owns background tasks. It asks them to stop, gives them time, and then aborts them.
///
/// [`Workers::stop`] waits for the last of them. A drop asks and aborts, but does not wait.
/// [`Workers::panicked`] tells you when a worker panics while the others still run.
/// Tasks that a worker spawns are not owned. Give them a clone of the worker's token, so that they are asked to stop too.
///
/// Source: [`JoinSet`], [`CancellationToken`].
///
/// ```
/// # use std::time::Duration;
/// # tokio_test::block_on(async {
/// let mut workers = cancellation::Workers::new();
/// workers.spawn(async |token| token.cancelled().await);
/// let ended = workers.stop(Duration::from_secs(1)).await;
/// assert_eq!((ended.finished, ended.aborted), (1, 0));
/// # });
/// ```
#[derive(Debug, Default)]
pub struct Workers {
    token: CancellationToken,
    tasks: JoinSet<()>,
    ended: Ended,
    /// The first panic that [`Workers::panicked`] has not returned yet.
    panic: Option<JoinError>,
}

/// Counts how the workers ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Workers that returned, whether asked to stop or not.
    pub finished: usize,
    /// Workers that did not stop in time.
    pub aborted: usize,
    /// Workers that panicked.
    pub panicked: usize,
}

impl Workers {
    /// No workers yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a worker. The worker must watch the token that it gets.
    ///
    /// The returned token stops only this worker.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    pub fn spawn<F>(&mut self, work: impl FnOnce(CancellationToken) -> F) -> CancellationToken
    where
        F: Future<Output = ()> + Send + 'static,
    {
        // A set keeps every finished task until something joins it. Without this loop, the set would grow with each worker that ends.
        while let Some(result) = self.tasks.try_join_next() {
            self.count(result);
        }
        let token = self.token.child_token();
        self.tasks.spawn(work(token.clone()));
        token
    }

    /// Asks all workers to stop, waits up to `grace`, and aborts the rest. It returns when the last worker has ended.
    ///
    /// A worker that never yields cannot be aborted. Then this call keeps waiting.
    ///
    /// Cancel safe: no. If you drop the call, it aborts the workers that still run.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime with a timer.
    pub async fn stop(mut self, grace: Duration) -> Ended {
        self.token.cancel();
        if timeout(grace, self.join_all()).await.is_err() {
            self.tasks.abort_all();
            self.join_all().await;
        }
        self.ended
    }

    /// Waits until a worker panics, and returns its panic. Then start another worker, or stop them all.
    ///
    /// If no worker panics, it waits for ever. So put it into a `select!` with the future that ends the program.
    /// If several workers panicked since the last call, it returns the first panic. [`Ended::panicked`] counts them all.
    ///
    /// Cancel safe: yes, because each worker that ends is counted at once, and its panic is stored.
    ///
    /// ```
    /// # tokio_test::block_on(async {
    /// let mut workers = cancellation::Workers::new();
    /// workers.spawn(async |token| token.cancelled().await);
    /// workers.spawn(async |_token| panic!("out of paper"));
    /// assert!(workers.panicked().await.is_panic());
    /// # });
    /// ```
    pub async fn panicked(&mut self) -> JoinError {
        loop {
            if let Some(panic) = self.panic.take() {
                return panic;
            }
            match self.tasks.join_next().await {
                Some(result) => self.count(result),
                None => pending().await,
            }
        }
    }

    async fn join_all(&mut self) {
        while let Some(result) = self.tasks.join_next().await {
            self.count(result);
        }
    }

    fn count(&mut self, result: Result<(), JoinError>) {
        match result {
            Ok(()) => self.ended.finished += 1,
            Err(error) if error.is_panic() => {
                self.ended.panicked += 1;
                self.panic.get_or_insert(error);
            }
            Err(_aborted) => self.ended.aborted += 1,
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        // The set aborts its own tasks. The tasks that those have spawned learn of it only through the token.
        self.token.cancel();
    }
}

/// Does the work, unless the token is cancelled first. Then it drops the work at the await where it waits, and returns `None`.
///
/// If both are ready at once, either may win. In production use [`CancellationToken::run_until_cancelled`]: there the work wins,
/// unless the token was cancelled before the call.
///
/// Cancel safe: if the work is.
///
/// Source: [`tokio::select!`].
///
/// ```
/// # use tokio_util::sync::CancellationToken;
/// # tokio_test::block_on(async {
/// let token = CancellationToken::new();
/// assert_eq!(cancellation::until_cancelled(&token, async { "saved" }).await, Some("saved"));
/// token.cancel();
/// assert_eq!(cancellation::until_cancelled(&token, std::future::pending::<()>()).await, None);
/// # });
/// ```
pub async fn until_cancelled<T>(token: &CancellationToken, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        output = work => Some(output),
        () = token.cancelled() => None, // here `work` has been dropped, at the await where it waited
    }
}

/// Handles items one after another until the token is cancelled or every sender is dropped. Returns how many items it handled.
///
/// It checks for a cancellation between two items: it finishes the current item, and the items in the channel stay there.
/// If the cancellation and an item arrive together while it waits, it still handles that one item.
///
/// Cancel safe: no. If you drop the call, it drops the current item. Cancel the token instead.
///
/// Source: [`CancellationToken::run_until_cancelled`].
///
/// ```
/// # use tokio_util::sync::CancellationToken;
/// # tokio_test::block_on(async {
/// let token = CancellationToken::new();
/// let (sender, mut receiver) = tokio::sync::mpsc::channel(8);
/// sender.send("order").await.unwrap();
/// let handled = cancellation::work(&token, &mut receiver, async |_item| token.cancel()).await;
/// assert_eq!(handled, 1);
/// # });
/// ```
pub async fn work<T>(
    token: &CancellationToken,
    receiver: &mut mpsc::Receiver<T>,
    mut handle: impl AsyncFnMut(T),
) -> usize {
    let mut done = 0;
    while let Some(Some(item)) = token.run_until_cancelled(receiver.recv()).await {
        handle(item).await; // does not race the token, so the item is finished
        done += 1;
    }
    done
}

/// Runs `save` as a separate task, so that it keeps running when the caller is cancelled.
///
/// The task starts when you first await this. From then on, only a shutdown of the runtime stops it.
/// Use the tracker to end the program: first stop everything that may begin a save, then `close` the tracker and `wait`.
/// `wait` returns as soon as no save runs, even if a client is about to begin the next one.
///
/// Cancel safe: yes. If you drop the call, `save` keeps running, but its result is lost.
///
/// # Errors
///
/// `save` panicked, or the runtime was shut down.
///
/// # Panics
///
/// Outside a Tokio runtime.
///
/// Source: [`TaskTracker`], and [`asyncio.shield`](https://docs.python.org/3/library/asyncio-task.html#asyncio.shield).
///
/// ```
/// # use tokio_util::task::TaskTracker;
/// # tokio_test::block_on(async {
/// let tracker = TaskTracker::new();
/// assert_eq!(cancellation::shield(&tracker, async { "saved" }).await.unwrap(), "saved");
/// tracker.close();
/// tracker.wait().await;
/// # });
/// ```
pub async fn shield<F>(tracker: &TaskTracker, save: F) -> Result<F::Output, JoinError>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    tracker.spawn(save).await
}

/// Reads frames. A frame is one length byte, and then that many bytes.
///
/// In production use `tokio_util::codec::FramedRead` with a `LengthDelimitedCodec`. It also keeps the bytes in the reader.
#[derive(Debug)]
pub struct Frames<R> {
    reader: R,
    /// Bytes that were read and not yet returned. They are stored here, not in the future of [`Frames::next`], so that no cancellation drops them.
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Frames<R> {
    /// Reads frames from this reader.
    pub fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new() }
    }

    /// The next frame, or `None` if the input ends between two frames.
    ///
    /// Cancel safe: yes, because `read_buf` is cancel safe, and its bytes are in the buffer before the next await.
    ///
    /// # Errors
    ///
    /// If reading fails, or if the input ends in the middle of a frame ([`io::ErrorKind::UnexpectedEof`]).
    ///
    /// Source: [`AsyncReadExt::read_buf`].
    ///
    /// ```
    /// # tokio_test::block_on(async {
    /// let mut frames = cancellation::Frames::new(&b"\x02hi\x05there"[..]);
    /// assert_eq!(frames.next().await?.as_deref(), Some(&b"hi"[..]));
    /// # std::io::Result::Ok(())
    /// # }).unwrap();
    /// ```
    pub async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            if let Some((&length, rest)) = self.buffer.split_first()
                && let Some(frame) = rest.get(..length.into())
            {
                let frame = frame.to_vec();
                self.buffer.drain(..=frame.len());
                return Ok(Some(frame));
            }
            if self.reader.read_buf(&mut self.buffer).await? == 0 {
                return if self.buffer.is_empty() { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
            }
        }
    }
}

/// Handles the items on the blocking pool, one after another, until the token is cancelled. Returns the items that are left.
///
/// A running closure cannot be aborted, so this one checks the token before each item.
///
/// Cancel safe: no. If you drop the call, the closure stops before the next item, and the items that are left are lost.
/// Cancel the token instead.
///
/// # Errors
///
/// `step` panicked, or the runtime was shut down before the closure began.
///
/// # Panics
///
/// Outside a Tokio runtime.
///
/// Source: [`spawn_blocking`].
///
/// ```
/// # use tokio_util::sync::CancellationToken;
/// # tokio_test::block_on(async {
/// let token = CancellationToken::new();
/// let cancel = token.clone();
/// let left = cancellation::for_each_blocking(&token, vec![1, 2, 3], move |_item| cancel.cancel()).await;
/// assert_eq!(left.unwrap(), [2, 3]);
/// # });
/// ```
pub async fn for_each_blocking<T: Send + 'static>(
    token: &CancellationToken,
    items: Vec<T>,
    mut step: impl FnMut(T) + Send + 'static,
) -> Result<Vec<T>, JoinError> {
    let token = token.child_token();
    let _cancel_when_dropped = token.clone().drop_guard();
    let take = move || {
        let mut items = items.into_iter();
        while !token.is_cancelled()
            && let Some(item) = items.next()
        {
            step(item);
        }
        items.collect()
    };
    spawn_blocking(take).await
}
