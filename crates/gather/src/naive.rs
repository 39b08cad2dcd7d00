//! The versions that go wrong, with the signatures of the right ones.

use std::future::Future;

use futures::future::{join_all, try_join_all};
use tokio::task::JoinError;

/// One after another: a future does nothing until it is awaited, so the second starts when the first is done, and the total is the sum.
pub async fn all<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut outputs = Vec::new();
    for future in futures {
        outputs.push(future.await);
    }
    outputs
}

/// One failure takes the others with it: they are cancelled, and one error is all that comes back.
pub async fn every_result<T, E, F>(futures: impl IntoIterator<Item = F>) -> Vec<Result<T, E>>
where
    F: Future<Output = Result<T, E>>,
{
    match try_join_all(futures).await {
        Ok(values) => values.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    }
}

/// Fails fast with up to 30 futures of known number; with more, an error waits until every future before it is done.
///
/// # Errors
///
/// Up to 30 the first error in time, then the first in input order.
pub async fn all_or_nothing<T, E, F>(futures: impl IntoIterator<Item = F>) -> Result<Vec<T>, E>
where
    F: Future<Output = Result<T, E>>,
{
    try_join_all(futures).await
}

/// Owns nothing: when this is dropped, by a timeout or a `select!`, its tasks run on.
pub async fn spawned<T, F>(futures: impl IntoIterator<Item = F>) -> Vec<Result<T, JoinError>>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    join_all(futures.into_iter().map(tokio::spawn)).await
}

/// Drops the handles at the first error, which detaches the tasks behind them: they run on and nobody hears of them.
///
/// # Errors
///
/// The first error, and all the other tasks leak.
pub async fn spawned_all_or_nothing<T, E, F>(futures: impl IntoIterator<Item = F>) -> Result<Vec<T>, E>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<JoinError> + Send + 'static,
{
    let handles = futures.into_iter().map(|future| {
        let handle = tokio::spawn(future);
        async { handle.await.map_err(E::from).flatten() }
    });
    try_join_all(handles).await
}

/// A barrier between the stages: no item enters the second before the slowest has left the first.
pub async fn two_stages<A, B, C, First, Second>(
    items: impl IntoIterator<Item = A>,
    first: impl Fn(A) -> First,
    second: impl Fn(B) -> Second,
) -> Vec<C>
where
    First: Future<Output = B>,
    Second: Future<Output = C>,
{
    let between = join_all(items.into_iter().map(first)).await;
    join_all(between.into_iter().map(second)).await
}
