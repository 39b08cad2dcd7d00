//! The versions that go wrong.

use tokio::task::JoinHandle;

use crate::End;

/// Goes wrong: it awaits one task after another, so it learns of an end late. It reports only errors.
/// A panic, a cancellation and a worker that returned early are lost, and no error has the name of its task.
pub async fn report<E>(tasks: Vec<JoinHandle<Result<(), E>>>, mut tell: impl FnMut(E)) {
    for task in tasks {
        if let Ok(Err(error)) = task.await {
            tell(error);
        }
    }
}

/// Goes wrong: the callback is a line after the await. A panic or an abort ends the task before that line.
///
/// # Errors
///
/// What `work` returns.
pub async fn watch<T, E, F, C>(work: F, tell: C) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
    C: FnOnce(End<&E>),
{
    let result = work.await;
    tell(result.as_ref().map_or_else(End::Failed, |_| End::Finished));
    result
}

/// Goes wrong: the guard is made inside the async body. If a task is aborted before its first poll, the body never runs, so `tell` is not called.
///
/// # Errors
///
/// What `work` returns.
pub async fn watch_from_inside<T, E, F, C>(work: F, tell: C) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
    C: FnOnce(End<&E>),
{
    crate::watch(work, tell).await
}
