//! Tasks: what starts them, what owns them, and how you learn of the end of each one.
//!
//! The counterpart of `asyncio.create_task`, the names of tasks, and `add_done_callback`.
//!
//! ```sh
//! cargo run -p tasks
//! ```
#![doc = include_str!("../README.md")]

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, resume_unwind};

use futures::FutureExt;
use tokio::task::{AbortHandle, Id, JoinSet};

pub mod naive;

/// How a task ended. These are all possible ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End<E> {
    /// It returned `Ok`.
    Finished,
    /// It returned this error.
    Failed(E),
    /// It panicked with this message. The message is empty if the panic carried no text.
    Panicked(String),
    /// It was aborted, or dropped before its end.
    Cancelled,
}

impl<E: fmt::Display> fmt::Display for End<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Finished => f.write_str("finished"),
            Self::Failed(error) => write!(f, "failed: {error}"),
            Self::Panicked(message) => write!(f, "panicked: {message}"),
            Self::Cancelled => f.write_str("was cancelled"),
        }
    }
}

/// Tasks with names, and one method that reports every end.
///
/// A crew owns its tasks: when it is dropped, they are aborted.
/// It keeps the end of a task until [`Crew::next_end`] returns it, so call that in a loop. If you only spawn, the crew's memory keeps growing.
///
/// Source: [`JoinSet::join_next_with_id`](https://docs.rs/tokio/latest/tokio/task/struct.JoinSet.html#method.join_next_with_id).
///
/// ```
/// use tasks::{Crew, End};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let mut crew = Crew::new();
/// crew.spawn("prices", async { Err("refused") });
/// assert_eq!(crew.next_end().await, Some(("prices".to_owned(), End::Failed("refused"))));
/// assert_eq!(crew.next_end().await, None);
/// # }
/// ```
#[derive(Debug)]
pub struct Crew<E> {
    tasks: JoinSet<Result<(), E>>,
    names: HashMap<Id, String>,
}

impl<E: Send + 'static> Crew<E> {
    /// A crew without tasks.
    #[must_use]
    pub fn new() -> Self {
        Self { tasks: JoinSet::new(), names: HashMap::new() }
    }

    /// Spawns a task with this name. Several tasks may have the same name.
    ///
    /// The handle can abort the task. Dropping the handle has no effect.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    pub fn spawn(
        &mut self,
        name: impl Into<String>,
        work: impl Future<Output = Result<(), E>> + Send + 'static,
    ) -> AbortHandle {
        let task = self.tasks.spawn(work);
        self.names.insert(task.id(), name.into());
        task
    }

    /// Waits until the next task ends, and returns its name and its end. Returns `None` if no task is left.
    ///
    /// Cancel safe: yes. If you drop the call, the end stays in the crew, and the next call returns it.
    pub async fn next_end(&mut self) -> Option<(String, End<E>)> {
        let (id, end) = match self.tasks.join_next_with_id().await? {
            Ok((id, Ok(()))) => (id, End::Finished),
            Ok((id, Err(error))) => (id, End::Failed(error)),
            // Only this arm sees a panic, because a panic is not the task's own `Err`, but a `JoinError`.
            Err(error) => (error.id(), error.try_into_panic().map_or(End::Cancelled, |panic| panicked(&*panic))),
        };
        Some((self.names.remove(&id).unwrap_or_default(), end))
    }

    /// The names of the tasks whose end [`Crew::next_end`] has not returned yet, in alphabetical order.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.names.values().map(String::as_str).collect();
        names.sort_unstable();
        names
    }
}

impl<E: Send + 'static> Default for Crew<E> {
    fn default() -> Self {
        Self::new()
    }
}

/// Makes a future that does the same as `work`, and calls `tell` once with its end, like a done callback.
///
/// `tell` is called inside the task, after `work` has been dropped and before the handle of the task is ready.
/// It is also called if the future is dropped before its first poll, because the guard that calls it is made here, outside the async block.
/// Afterwards, a panic continues to the handle.
/// If a value of `work` panics in its `Drop` when the task is aborted, `tell` gets a cancellation, but the handle gets a panic.
///
/// Cancel safe: yes if `work` is.
///
/// # Errors
///
/// What `work` returns.
///
/// Source: [`FutureExt::catch_unwind`](https://docs.rs/futures/latest/futures/future/trait.FutureExt.html#method.catch_unwind).
///
/// ```
/// use tasks::{End, watch};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let (tell, told) = std::sync::mpsc::channel();
/// let work = async { Err::<(), _>("refused") };
/// drop(tokio::spawn(watch(work, move |end: End<&&str>| drop(tell.send(end.to_string())))));
/// # tokio::task::yield_now().await;
/// assert_eq!(told.recv().as_deref(), Ok("failed: refused"));
/// # }
/// ```
pub fn watch<T, E, F, C>(work: F, tell: C) -> impl Future<Output = Result<T, E>>
where
    F: Future<Output = Result<T, E>>,
    C: FnOnce(End<&E>),
{
    let mut guard = Guard { tell: Some(tell), error: PhantomData };
    async move {
        match AssertUnwindSafe(work).catch_unwind().await {
            Ok(result) => {
                guard.tell(result.as_ref().map_or_else(End::Failed, |_| End::Finished));
                result
            }
            Err(panic) => {
                guard.tell(panicked(&*panic));
                resume_unwind(panic)
            }
        }
    }
}

/// Calls back with the first end that it gets, or with a cancellation if it is dropped before that.
struct Guard<E, C: FnOnce(End<&E>)> {
    tell: Option<C>,
    error: PhantomData<fn(&E)>,
}

impl<E, C: FnOnce(End<&E>)> Guard<E, C> {
    fn tell(&mut self, end: End<&E>) {
        if let Some(tell) = self.tell.take() {
            tell(end);
        }
    }
}

impl<E, C: FnOnce(End<&E>)> Drop for Guard<E, C> {
    fn drop(&mut self) {
        self.tell(End::Cancelled);
    }
}

fn panicked<E>(panic: &(dyn Any + Send)) -> End<E> {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    End::Panicked(text.unwrap_or_default().to_owned())
}
