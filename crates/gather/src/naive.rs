//! The versions that go wrong, with the same signatures as the correct ones.

use std::future::Future;

use futures::future::{join_all, try_join_all};
use tokio::task::JoinError;

/// Runs one future after another, because a future does nothing until it is awaited. So this takes the sum of their times.
pub async fn all<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut outputs = Vec::new();
    for future in futures {
        outputs.push(future.await);
    }
    outputs
}

/// One failure cancels the other futures, and only its error is returned.
pub async fn every_result<T, E, F>(futures: impl IntoIterator<Item = F>) -> Vec<Result<T, E>>
where
    F: Future<Output = Result<T, E>>,
{
    match try_join_all(futures).await {
        Ok(values) => values.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    }
}

/// Fails fast with up to 30 futures, if the iterator knows their number. With more, an error waits until every future before it is done.
///
/// # Errors
///
/// With up to 30 futures, the first error in time. With more, the first error in input order.
pub async fn all_or_nothing<T, E, F>(futures: impl IntoIterator<Item = F>) -> Result<Vec<T>, E>
where
    F: Future<Output = Result<T, E>>,
{
    try_join_all(futures).await
}

/// Does not own its tasks: when a timeout or a `select!` drops this future, the tasks keep running.
pub async fn spawned<T, F>(futures: impl IntoIterator<Item = F>) -> Vec<Result<T, JoinError>>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    join_all(futures.into_iter().map(tokio::spawn)).await
}

/// Drops the handles at the first error, and so detaches the tasks: they keep running, and nothing waits for them.
///
/// # Errors
///
/// The first error. All the other tasks leak.
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

/// Puts a barrier between the stages: no item enters the second stage before the slowest item has left the first.
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
