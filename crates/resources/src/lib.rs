//! Resources: open them, use them, and close them in every case.
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
/// If the future of this call is dropped, `close` does not run: the resource is only dropped. [`with_stack`] closes it in that case too.
///
/// Cancel safe: no, see above.
///
/// # Errors
///
/// The error of `body`. Without one, the error of `close`. If both fail, the error of `close` goes to the log.
///
/// # Panics
///
/// If `body` panics, after the close. Also if `close` panics.
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

/// Runs `body` with a stack of closes. Afterwards the closes run in reverse order.
///
/// After success, after an error and after a panic of `body`, this call awaits them.
/// If the future of this call is dropped, a task of `tracker` runs them: `tracker.wait()` waits for that task.
///
/// Cancel safe: a dropped call drops the body. The closes still run, as long as the runtime lives.
///
/// # Errors
///
/// The error of `body`. Without one, the first error of a close. All other errors go to the log.
///
/// # Panics
///
/// If `body` panics, after all closes. Also if a close panics, after all other closes.
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

/// A panic comes before an error, and the error of the body comes before the error of the close.
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

/// The closes that are still to run, in the order of opening. Call [`close`](Self::close) at the end.
///
/// If you drop it instead, a task of its tracker runs the rest. Outside a runtime that is not possible, and it logs a warning.
pub struct ExitStack<E: Display + Send + 'static> {
    steps: Steps<E>,
    tracker: TaskTracker,
}

impl<E: Display + Send + 'static> ExitStack<E> {
    /// An empty stack. If you drop it, a task of this tracker runs its closes.
    #[must_use]
    pub fn new(tracker: &TaskTracker) -> Self {
        Self { steps: Steps::default(), tracker: tracker.clone() }
    }

    /// Registers the close of the resource that you have just opened. There is no await between the two, so no cancellation can come between them.
    pub fn push(&mut self, close: impl Future<Output = Result<(), E>> + Send + 'static) {
        self.steps.rest.push(Box::pin(close));
    }

    /// Awaits every close, in reverse order. If one fails or panics, the others still run.
    ///
    /// Cancel safe: yes. If you drop the call, a task of the tracker runs the rest, including the close that had already started.
    ///
    /// # Errors
    ///
    /// The first error. The others go to the log.
    ///
    /// # Panics
    ///
    /// If a close panics, after all other closes have run.
    pub async fn close(mut self) -> Result<(), E> {
        self.steps.close().await
    }
}

impl<E: Display + Send + 'static> Drop for ExitStack<E> {
    fn drop(&mut self) {
        let mut rest = mem::take(&mut self.steps);
        // Outside a runtime, the rest is dropped here, and its drop logs a warning.
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

/// The closes that have not ended. Their drop only logs a warning.
struct Steps<E> {
    rest: Vec<Step<E>>,
    /// The result of the closes that have ended. It is stored here, because a dropped future would lose it.
    first: Result<(), E>,
    panic: Option<Panic>,
}

impl<E: Display> Steps<E> {
    async fn close(&mut self) -> Result<(), E> {
        // A step stays in the list while it runs. So if this future is dropped, another task can continue the step.
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
