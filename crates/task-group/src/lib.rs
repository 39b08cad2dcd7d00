//! A group of tasks that end together: the counterpart of `asyncio.TaskGroup`.
//!
//! ```sh
//! cargo run -p task-group
//! ```
#![doc = include_str!("../README.md")]

use std::any::Any;
use std::error::Error;
use std::fmt::{self, Debug, Display, Formatter};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::pin;

use futures::FutureExt;
use futures::future::{AbortHandle, BoxFuture, abortable};
use tokio::select;
use tokio::sync::{mpsc, oneshot};
use tokio::task::coop::unconstrained;
use tokio::task::{JoinError, JoinSet};

pub mod naive;

/// Runs `body` and the children that it spawns, and returns the body's value when all of them have ended.
///
/// The body gets a [`Group`], and children may get clones of it, to spawn more children.
/// The first error of a child or of the body stops everything: the body is dropped at its await, and the other children are aborted.
/// Then this function waits until every child has ended. A child that never yields cannot be stopped, so it delays the return.
///
/// The bound is `FnOnce(Group<E>) -> F`, and an async closure meets it: `async |group| ...`.
/// The body is part of your task, so it may borrow from it. Each child is a separate task.
///
/// Cancel safe: no. If you drop this future, it drops the body and aborts the children, but it cannot wait for them to end.
///
/// # Errors
///
/// The first error in time, and then the errors of the children that failed before they could be stopped.
/// An aborted child has no error.
///
/// # Panics
///
/// If the body or a child panics. The panic continues in the caller when every child has ended. Then the errors are lost.
/// Outside a Tokio runtime, if the body spawns.
///
/// Source: [`JoinSet`], and [`asyncio.TaskGroup`](https://docs.python.org/3/library/asyncio-task.html#task-groups).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let sum = task_group::task_group(async |group| {
///     let parts = ["1", "2"].map(|text| group.spawn(async { text.parse::<u8>() }));
///     let mut sum = 0;
///     for part in parts {
///         sum += part.value().await.unwrap_or_default();
///     }
///     Ok(sum)
/// });
/// assert_eq!(sum.await, Ok(3));
/// # }
/// ```
pub async fn task_group<T, E, F>(body: impl FnOnce(Group<E>) -> F) -> Result<T, Errors<E>>
where
    F: Future<Output = Result<T, E>>,
    E: Send + 'static,
{
    let (sender, mut queue) = mpsc::unbounded_channel();
    let mut children = JoinSet::new();
    let mut failures = match until_the_end(body(Group { queue: sender }), &mut queue, &mut children).await {
        Ok(value) => return Ok(value),
        Err(first) => vec![first],
    };
    children.abort_all();
    // With the budget, `join_next` puts the 129th result of a poll last. (`select!` asks for the budget before it polls anything.)
    while let Some(ended) = unconstrained(children.join_next()).await {
        failures.extend(child_ended(ended).err());
    }
    Err(Errors(failures.into_iter().map(Failure::into_error).collect()))
}

/// Runs the body and the children until all have ended, or one of them fails. The body is dropped when this returns.
async fn until_the_end<T, E: Send + 'static>(
    body: impl Future<Output = Result<T, E>>,
    queue: &mut mpsc::UnboundedReceiver<Work<E>>,
    children: &mut JoinSet<Result<(), E>>,
) -> Result<T, Failure<E>> {
    let mut body = pin!(AssertUnwindSafe(body).catch_unwind());
    let mut value = None;
    loop {
        // A child that has ended has already queued its own children.
        while let Ok(child) = queue.try_recv() {
            children.spawn(child);
        }
        if children.is_empty()
            && let Some(value) = value.take()
        {
            return Ok(value);
        }
        select! {
            biased;
            Some(ended) = children.join_next() => child_ended(ended)?,
            Some(child) = queue.recv() => { children.spawn(child); }
            ended = &mut body, if value.is_none() => {
                value = Some(ended.map_err(Failure::Panic)?.map_err(Failure::Error)?);
            }
        }
    }
}

/// An aborted child has not failed.
fn child_ended<E>(ended: Result<Result<(), E>, JoinError>) -> Result<(), Failure<E>> {
    match ended.map_err(JoinError::try_into_panic) {
        Ok(result) => result.map_err(Failure::Error),
        Err(Ok(panic)) => Err(Failure::Panic(panic)),
        Err(Err(_aborted)) => Ok(()),
    }
}

/// The future of a child, queued for the group.
type Work<E> = BoxFuture<'static, Result<(), E>>;

enum Failure<E> {
    Error(E),
    Panic(Box<dyn Any + Send>),
}

impl<E> Failure<E> {
    /// Returns the error, or continues the panic.
    fn into_error(self) -> E {
        match self {
            Self::Error(error) => error,
            Self::Panic(panic) => resume_unwind(panic),
        }
    }
}

/// Spawns children into a [`task_group`]. A clone spawns into the same group.
pub struct Group<E> {
    queue: mpsc::UnboundedSender<Work<E>>,
}

impl<E: Send + 'static> Group<E> {
    /// Spawns a child: a task that the group waits for, and can stop.
    ///
    /// A child that the body spawns starts when the body next waits. With several workers, a child of a child may start at once.
    /// Once the group has stopped or ended, `spawn` drops the future, which never runs.
    /// (In asyncio, `create_task` raises a `RuntimeError` then.)
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let length = task_group::task_group(async |group| {
    ///     let parent = group.clone();
    ///     let child = group.spawn(async move { Ok(parent.spawn(async { Ok::<_, String>("a child's child") })) });
    ///     Ok(child.value().await)
    /// });
    /// let child = length.await.unwrap().unwrap();
    /// assert_eq!(child.value().await, Some("a child's child"));
    /// # }
    /// ```
    pub fn spawn<T: Send + 'static>(&self, future: impl Future<Output = Result<T, E>> + Send + 'static) -> Child<T, E> {
        let (sender, value) = oneshot::channel();
        let (future, abort) = abortable(future);
        let child = async move {
            if let Ok(result) = future.await {
                _ = sender.send(result?);
            }
            Ok(())
        };
        _ = self.queue.send(child.boxed());
        Child { value, abort, group: self.clone() }
    }
}

impl<E> Clone for Group<E> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone() }
    }
}

/// The handle of a child. [`Group::spawn`] returns it. If you drop it, the child keeps running, and the group waits for the child.
pub struct Child<T, E> {
    value: oneshot::Receiver<T>,
    abort: AbortHandle,
    group: Group<E>,
}

impl<T, E> Child<T, E> {
    /// Waits for the child's value.
    ///
    /// `None` if the child was stopped with [`Child::abort`].
    /// If the child failed, panicked or was stopped with the group, this waits until the group has ended, and then returns `None`.
    /// A caller inside the group is stopped before that.
    ///
    /// Cancel safe: no, because a dropped call drops the value. The child keeps running.
    pub async fn value(self) -> Option<T> {
        let value = self.value.await.ok();
        if value.is_none() && !self.abort.is_aborted() {
            self.group.queue.closed().await;
        }
        value
    }

    /// Stops only this child, at its next await that has to wait. The group continues, and this does not count as an error.
    pub fn abort(&self) {
        self.abort.abort();
    }
}

/// All errors of a [`task_group`], the first in time first. There is at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errors<E>(pub Vec<E>);

impl<E: Display> Display for Errors<E> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [error] => Display::fmt(error, f),
            errors => {
                let texts: Vec<_> = errors.iter().map(ToString::to_string).collect();
                write!(f, "{} errors: {}", errors.len(), texts.join("; "))
            }
        }
    }
}

impl<E: Debug + Display> Error for Errors<E> {}
