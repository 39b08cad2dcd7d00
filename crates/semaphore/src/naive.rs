//! The versions that go wrong.

use std::sync::Arc;

use futures::future::join_all;
use tokio::sync::{AcquireError, Semaphore};
use tokio::task::{JoinError, JoinSet};

/// Drops the permit at once, because `_` is not a variable. So nothing is limited.
///
/// The compiler does not warn, because `let _ =` says that you do not want the value.
/// Without it, the compiler would have warned:
///
/// ```compile_fail
/// #![deny(unused_must_use)]
/// async fn limited(semaphore: tokio::sync::Semaphore) -> Result<(), tokio::sync::AcquireError> {
///     semaphore.acquire().await?; // error: unused `SemaphorePermit` that must be used
///     Ok(())
/// }
/// ```
///
/// # Errors
///
/// Never, not even if the semaphore was closed.
#[expect(clippy::let_underscore_must_use, reason = "deliberate; so this lint, which is off by default, does see it")]
pub async fn with_permit<F: Future>(semaphore: &Semaphore, future: F) -> Result<F::Output, AcquireError> {
    let _ = semaphore.acquire().await;
    Ok(future.await)
}

/// Spawns a task for every item. Each task drops its permit at once, so all of them run together.
///
/// # Errors
///
/// A [`JoinError`] when the work panics.
pub async fn unlimited<T, R, Fut>(
    semaphore: Arc<Semaphore>,
    items: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> Fut,
) -> Result<Vec<R>, JoinError>
where
    R: Send + 'static,
    Fut: Future<Output = R> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for (number, item) in items.into_iter().enumerate() {
        let (semaphore, work) = (Arc::clone(&semaphore), work(item));
        tasks.spawn(async move { (number, with_permit(&semaphore, work).await) });
    }
    in_order(tasks).await
}

/// Spawns a task for every item, and each task waits for its permit. Few tasks work at once, but all of them are in memory from the start.
///
/// # Errors
///
/// A [`JoinError`] when the work panics.
pub async fn spawned_at_once<T, R, Fut>(
    semaphore: Arc<Semaphore>,
    items: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> Fut,
) -> Result<Vec<R>, JoinError>
where
    R: Send + 'static,
    Fut: Future<Output = R> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for (number, item) in items.into_iter().enumerate() {
        let (semaphore, work) = (Arc::clone(&semaphore), work(item));
        tasks.spawn(async move { (number, crate::with_permit(&semaphore, work).await) });
    }
    in_order(tasks).await
}

/// Takes as many items as there are permits, and waits for all of them before it takes the next ones. So each batch is as slow as its slowest item.
///
/// # Errors
///
/// Never: a panic in the work unwinds into the caller.
pub async fn batches<T, R, Fut>(
    semaphore: Arc<Semaphore>,
    items: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> Fut,
) -> Result<Vec<R>, JoinError>
where
    Fut: Future<Output = R>,
{
    let limit = semaphore.available_permits();
    let mut items = items.into_iter().peekable();
    let mut results = Vec::new();
    while items.peek().is_some() {
        let batch = items.by_ref().take(limit).map(&work);
        results.extend(join_all(batch).await);
    }
    Ok(results)
}

/// The results, sorted by item number. An item that found the semaphore closed has no result.
async fn in_order<R: 'static>(mut tasks: JoinSet<(usize, Result<R, AcquireError>)>) -> Result<Vec<R>, JoinError> {
    let mut results = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        let (number, result) = ended?;
        results.extend(result.ok().map(|result| (number, result)));
    }
    results.sort_unstable_by_key(|(number, _)| *number);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}
