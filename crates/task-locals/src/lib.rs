//! Task-locals: a value that all code of a task can read, without a parameter.
//!
//! The counterpart of `contextvars.ContextVar`, and of the copy of the context that `asyncio.create_task` makes.
//!
//! ```sh
//! cargo run -p task-locals
//! ```
#![doc = include_str!("../README.md")]

use std::fmt::Display;

use tokio::task::JoinHandle;
use tokio::task::futures::TaskLocalFuture;

pub mod naive;

tokio::task_local! {
    static REQUEST: u64;
}

/// Makes a future that does `work`. Inside it, [`current_id`] is `id`.
///
/// The id is there whenever `work` is polled, on whatever thread, and while `work` is dropped.
/// An inner `with_id` hides the id of an outer one. Afterwards the outer id is back.
/// A task that `work` spawns with [`tokio::spawn`] has no id. Use [`spawn`] instead.
///
/// Cancel safe: yes if `work` is.
///
/// # Panics
///
/// If `work` panics.
///
/// Source: [`LocalKey::scope`](https://docs.rs/tokio/latest/tokio/task/struct.LocalKey.html#method.scope).
///
/// ```
/// use task_locals::{current_id, with_id};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// async fn deep_inside() -> Option<u64> {
///     current_id()
/// }
/// assert_eq!(with_id(7, async { deep_inside().await }).await, Some(7));
/// assert_eq!(current_id(), None);
/// # }
/// ```
pub fn with_id<F: Future>(id: u64, work: F) -> TaskLocalFuture<u64, F> {
    REQUEST.scope(id, work)
}

/// Calls a closure in which [`current_id`] is `id`. Use it for code that is not async.
///
/// A future that the closure makes and returns is polled after the call, so it does not have this id.
///
/// # Panics
///
/// If `work` panics.
///
/// Source: [`LocalKey::sync_scope`](https://docs.rs/tokio/latest/tokio/task/struct.LocalKey.html#method.sync_scope).
///
/// ```
/// use task_locals::{current_id, with_id_sync};
///
/// assert_eq!(with_id_sync(7, current_id), Some(7));
/// assert_eq!(current_id(), None);
/// ```
pub fn with_id_sync<T>(id: u64, work: impl FnOnce() -> T) -> T {
    REQUEST.sync_scope(id, work)
}

/// The id of the innermost [`with_id`] or [`with_id_sync`] around this code. `None` if there is none.
///
/// Source: [`LocalKey::try_get`](https://docs.rs/tokio/latest/tokio/task/struct.LocalKey.html#method.try_get).
///
/// ```
/// assert_eq!(task_locals::current_id(), None);
/// ```
#[must_use]
pub fn current_id() -> Option<u64> {
    REQUEST.try_get().ok()
}

/// Spawns `work` as a task that has the caller's id. If the caller has no id, this is a plain [`tokio::spawn`].
///
/// This is what `asyncio.create_task` does for each `ContextVar`.
/// The id is read at the call, so a later change of the id has no effect.
///
/// Cancel safe: it is not async. If you drop the handle, the task keeps running.
///
/// # Panics
///
/// Outside a Tokio runtime.
///
/// Source: [`LocalKey::scope`](https://docs.rs/tokio/latest/tokio/task/struct.LocalKey.html#method.scope).
///
/// ```
/// use task_locals::{current_id, spawn, with_id};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), tokio::task::JoinError> {
/// let request = async { spawn(async { current_id() }).await };
/// assert_eq!(with_id(7, request).await?, Some(7));
/// # Ok(()) }
/// ```
pub fn spawn<F>(work: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    match current_id() {
        Some(id) => tokio::spawn(with_id(id, work)),
        None => tokio::spawn(work),
    }
}

/// A line for a log: the id and then the text. Without an id, it starts with `-`.
///
/// ```
/// use task_locals::line;
///
/// assert_eq!(line(Some(7), "sends a mail"), "[7] sends a mail");
/// assert_eq!(line(None, "cleans up"), "[-] cleans up");
/// ```
#[must_use]
pub fn line(id: Option<u64>, text: impl Display) -> String {
    id.map_or_else(|| format!("[-] {text}"), |id| format!("[{id}] {text}"))
}
