//! Resources: open, use, and close whatever happens.
//!
//! ```sh
//! cargo run -p resources
//! ```
#![doc = include_str!("../README.md")]

use std::any::Any;
use std::fmt::{self, Debug, Display, Formatter};
use std::mem;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::Pin;

use futures::FutureExt;
use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;
use tracing::warn;

pub mod naive;

/// Lends a resource to `body`, and then closes it: after success, after an error, and after a panic of `body`.
///
/// If the future of this call is dropped, `close` does not run: the resource is only dropped. [`with_stack`] closes in that case too.
///
/// Cancel safe: no, see above.
///
/// # Errors
///
/// The error of `body`. Without one, the error of `close`. If both fail, the error of `close` goes to the log.
///
/// # Panics
///
/// As `body` does, after the close; and as `close` does.
///
/// ```
/// # use resources::with_resource;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let file = String::from("3 lines");
/// let close = async |_file| Ok(());
/// let length = with_resource(file, close, async |file| Ok::<_, &str>(file.len())).await;
/// assert_eq!(length, Ok(7));
/// # }
/// ```
pub async fn with_resource<R, T, E: Display>(
    mut resource: R,
    close: impl AsyncFnOnce(R) -> Result<(), E>,
    body: impl AsyncFnOnce(&mut R) -> Result<T, E>,
) -> Result<T, E> {
    let ended = AssertUnwindSafe(body(&mut resource)).catch_unwind().await;
    let closed = close(resource).await;
    outcome(ended, closed)
}

/// Runs `body` with a stack of closes. Afterwards the closes run, the last one first.
///
/// After success, after an error and after a panic of `body`, this call awaits them.
/// If the future of this call is dropped, a task of `tracker` runs them: `tracker.wait()` waits for that task.
///
/// Cancel safe: the body is lost, the closes are not, for as long as the runtime lives.
///
/// # Errors
///
/// The error of `body`. Without one, the first error of a close. All other errors go to the log.
///
/// # Panics
///
/// As `body` does, after all closes; and as a close does, after all others.
///
/// Source: [`contextlib.AsyncExitStack`](https://docs.python.org/3/library/contextlib.html#contextlib.AsyncExitStack).
///
/// ```
/// # use resources::with_stack;
/// # use tokio_util::task::TaskTracker;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let tracker = TaskTracker::new();
/// let ended: Result<(), &str> = with_stack(&tracker, async |stack| {
///     stack.push(async { Ok(println!("the database is closed")) });
///     stack.push(async { Ok(println!("the cache is closed, before the database")) });
///     Err("the queue refuses")
/// })
/// .await;
/// assert_eq!(ended, Err("the queue refuses"));
/// # }
/// ```
pub async fn with_stack<T, E: Display + Send + 'static>(
    tracker: &TaskTracker,
    body: impl AsyncFnOnce(&mut ExitStack<E>) -> Result<T, E>,
) -> Result<T, E> {
    let mut stack = ExitStack::new(tracker);
    let ended = AssertUnwindSafe(body(&mut stack)).catch_unwind().await;
    let closed = stack.close().await;
    outcome(ended, closed)
}

type Panic = Box<dyn Any + Send>;

/// A panic is worse than an error, and the error of the body comes before the error of the close.
fn outcome<T, E: Display>(ended: Result<Result<T, E>, Panic>, closed: Result<(), E>) -> Result<T, E> {
    match (ended, closed) {
        (Ok(Ok(value)), closed) => closed.map(|()| value),
        (ended, closed) => {
            if let Err(error) = closed {
                warn!("a close failed: {error}");
            }
            ended.unwrap_or_else(|panic| resume_unwind(panic))
        }
    }
}

/// What is still to be closed, in the order of opening. Call [`close`](Self::close) at the end.
///
/// If it is dropped instead, a task of its tracker closes the rest. Outside a runtime nothing can, and a warning says so.
pub struct ExitStack<E: Display + Send + 'static> {
    steps: Steps<E>,
    tracker: TaskTracker,
}

impl<E: Display + Send + 'static> ExitStack<E> {
    /// An empty stack, which leaves its closes to this tracker if it is dropped.
    #[must_use]
    pub fn new(tracker: &TaskTracker) -> Self {
        Self { steps: Steps::default(), tracker: tracker.clone() }
    }

    /// Notes how the resource that you have just opened is closed. There is no await between the two, so nothing can come between.
    pub fn push(&mut self, close: impl Future<Output = Result<(), E>> + Send + 'static) {
        self.steps.rest.push(Box::pin(close));
    }

    /// Awaits every close, the last one first. An error or a panic of one does not keep the others from running.
    ///
    /// Cancel safe: a dropped call leaves the rest to a task of the tracker, also the close that it was in the middle of.
    ///
    /// # Errors
    ///
    /// The first error. The others go to the log.
    ///
    /// # Panics
    ///
    /// If a close panics, after all others have run.
    pub async fn close(mut self) -> Result<(), E> {
        self.steps.close().await
    }
}

impl<E: Display + Send + 'static> Drop for ExitStack<E> {
    fn drop(&mut self) {
        let mut rest = mem::take(&mut self.steps);
        // Outside a runtime the rest is dropped here, and warns.
        if let (false, Ok(runtime)) = (rest.rest.is_empty(), Handle::try_current()) {
            let close = async move {
                if let Err(error) = rest.close().await {
                    warn!("a close failed: {error}");
                }
            };
            self.tracker.spawn_on(close, &runtime);
        }
    }
}

impl<E: Display + Send + 'static> Debug for ExitStack<E> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "ExitStack({} to close)", self.steps.rest.len())
    }
}

type Step<E> = Pin<Box<dyn Future<Output = Result<(), E>> + Send>>;

/// Closes that have not ended. Their drop only warns.
struct Steps<E> {
    rest: Vec<Step<E>>,
    /// How those that have ended did. It is kept here, because a future that is dropped would take it along.
    first: Result<(), E>,
    panic: Option<Panic>,
}

impl<E: Display> Steps<E> {
    async fn close(&mut self) -> Result<(), E> {
        // A step stays in the list while it runs: if this future is dropped, it can go on elsewhere.
        while let Some(step) = self.rest.last_mut() {
            let ended = AssertUnwindSafe(step).catch_unwind().await;
            self.rest.pop();
            match (ended, &self.first) {
                (Ok(Err(error)), Err(_)) => warn!("another close failed: {error}"),
                (Ok(ended), Ok(())) => self.first = ended,
                (Ok(Ok(())), Err(_)) => {}
                (Err(payload), _) => self.panic = Some(payload),
            }
        }
        let first = mem::replace(&mut self.first, Ok(()));
        self.panic.take().map_or(first, |payload| resume_unwind(payload))
    }
}

impl<E> Default for Steps<E> {
    fn default() -> Self {
        Self { rest: Vec::new(), first: Ok(()), panic: None }
    }
}

impl<E> Drop for Steps<E> {
    fn drop(&mut self) {
        if !self.rest.is_empty() {
            warn!("not closed: {}", self.rest.len());
        }
    }
}
