//! Cancellation: how work is stopped halfway, and what it leaves behind.
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

/// Background tasks with an owner: asked to stop, given time for it, and aborted.
///
/// [`Workers::stop`] waits for the last of them; a drop asks and aborts, and does not wait.
/// [`Workers::panicked`] tells you of a worker that panics while the others still run.
/// What a worker spawns itself is not owned: give it a clone of the worker's token, so that it is asked as well.
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
    /// The first panic that nobody has asked for.
    panic: Option<JoinError>,
}

/// How many workers ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Those that returned, asked to or not.
    pub finished: usize,
    /// Those that did not stop in time.
    pub aborted: usize,
    /// Those that panicked.
    pub panicked: usize,
}

impl Workers {
    /// No workers yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a worker, which has to look at the token that it is given.
    ///
    /// The token returned stops this worker alone.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    pub fn spawn<F>(&mut self, work: impl FnOnce(CancellationToken) -> F) -> CancellationToken
    where
        F: Future<Output = ()> + Send + 'static,
    {
        // A set keeps every task until it is asked for it: without this, it would grow with each worker that ends.
        while let Some(result) = self.tasks.try_join_next() {
            self.count(result);
        }
        let token = self.token.child_token();
        self.tasks.spawn(work(token.clone()));
        token
    }

    /// Asks all workers to stop, waits up to `grace` for it, aborts the rest, and returns when the last has ended.
    ///
    /// A worker that never yields cannot be aborted, and then this waits on.
    ///
    /// Cancel safe: no, because a dropped call aborts the workers that still run.
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

    /// Waits until a worker panics, and returns its panic: then start another one, or stop them all.
    ///
    /// It waits for ever if none panics, so put it into a `select!` beside what ends the program.
    /// Of several panics since the last call it returns the first; [`Ended::panicked`] counts them all.
    ///
    /// Cancel safe: yes, because each worker that ends is counted at once, and a panic is kept.
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
        // The set aborts its tasks by itself; what they have spawned hears of it only here.
        self.token.cancel();
    }
}

/// Does the work, unless the token is cancelled first: then drops the work where it waits, and returns `None`.
///
/// If both are ready at once, either may win. In production take [`CancellationToken::run_until_cancelled`], which is the same in one call.
///
/// Cancel safe: as the work is.
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

/// Handles items one after another until the token is cancelled or every sender is gone, and returns how many.
///
/// A cancellation is heard between two items: the one in hand is finished, and those still in the channel stay there.
/// If this waits for an item, and the cancellation and an item arrive together, that one item is still handled.
///
/// Cancel safe: no, because a dropped call drops the item in hand; cancel the token instead.
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

/// Runs `save` as a task of its own, so that it goes on when the caller is cancelled.
///
/// It starts when this is first awaited; from then on only an end of the runtime stops it.
/// The tracker is for whoever ends the program: first stop all that may begin a save, then `close` the tracker and `wait`.
/// `wait` returns as soon as no save runs, even if one of your clients is about to begin the next one.
///
/// Cancel safe: yes, because a dropped call leaves `save` running; but its result is lost.
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

/// Reads frames: one byte that says how long, then so many bytes.
///
/// In production take `tokio_util::codec::FramedRead` with a `LengthDelimitedCodec`, which keeps its bytes in the same place.
#[derive(Debug)]
pub struct Frames<R> {
    reader: R,
    /// What was read and not yet returned; it lives here, and not in the future of [`Frames::next`], so that no cancellation drops it.
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Frames<R> {
    /// Frames of what this reader reads.
    pub fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new() }
    }

    /// The next frame; `None` at the end, which is between two frames.
    ///
    /// Cancel safe: yes, because `read_buf` is and what it has read is in the buffer before the next await.
    ///
    /// # Errors
    ///
    /// Reading failed, or ended in the middle of a frame ([`io::ErrorKind::UnexpectedEof`]).
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

/// Takes the items on the blocking pool one after another until the token is cancelled, and returns those that are left.
///
/// A closure that runs cannot be aborted, so this one looks at the token before each item.
///
/// Cancel safe: no, because a dropped call stops the closure before the next item, and those that are left are lost; cancel the token instead.
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
