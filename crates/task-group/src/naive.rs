//! The versions that go wrong.

use futures::FutureExt;
use tokio::select;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::{Errors, Group, Work, until_the_end};

/// Goes wrong: nothing owns the children. It returns when the body ends, or at the first error, while other children still run. It also ignores panics.
///
/// # Errors
///
/// Only the first error in time.
pub async fn task_group<T, E, F>(body: impl FnOnce(Group<E>) -> F) -> Result<T, Errors<E>>
where
    F: Future<Output = Result<T, E>>,
    E: Send + 'static,
{
    let (sender, mut queue) = mpsc::unbounded_channel::<Work<E>>();
    let (failed, mut failures) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(child) = queue.recv().await {
            let failed = failed.clone();
            tokio::spawn(child.map(move |ended| ended.or_else(|error| failed.send(error))));
        }
    });
    let ended = select! {
        biased;
        Some(error) = failures.recv() => Err(error),
        ended = body(Group { queue: sender }) => ended,
    };
    ended.map_err(|error| Errors(vec![error]))
}

/// Goes wrong: it aborts the children and does not wait for them to end. All errors after the first are lost.
///
/// # Errors
///
/// Only the first error in time.
///
/// # Panics
///
/// If the body or a child panics.
pub async fn aborts_without_waiting<T, E, F>(body: impl FnOnce(Group<E>) -> F) -> Result<T, Errors<E>>
where
    F: Future<Output = Result<T, E>>,
    E: Send + 'static,
{
    let (sender, mut queue) = mpsc::unbounded_channel();
    // The set aborts its tasks when it is dropped.
    let ended = until_the_end(body(Group { queue: sender }), &mut queue, &mut JoinSet::new()).await;
    ended.map_err(|failure| Errors(vec![failure.into_error()]))
}
