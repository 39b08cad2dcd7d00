//! The versions that go wrong.

use std::num::NonZeroUsize;

use futures::future::join_all;
use futures::stream::{self, FuturesOrdered};
use futures::{Stream, StreamExt};
use tokio::task::JoinError;

/// Like [`as_completed`](crate::as_completed()).
///
/// How it goes wrong: it yields in the order of the inputs, so one slow result delays all results after it.
pub fn as_completed<F>(futures: impl IntoIterator<Item = F>) -> impl Stream<Item = (usize, F::Output)> + Unpin
where
    F: Future,
{
    futures.into_iter().collect::<FuturesOrdered<_>>().enumerate()
}

/// Like [`as_completed_at_most`](crate::as_completed_at_most).
///
/// How it goes wrong: nothing polls the futures in the buffer while the loop that reads the stream does something else.
/// So the futures make no progress, and their timeouts fire.
pub fn as_completed_at_most<I, F>(
    limit: NonZeroUsize,
    inputs: impl IntoIterator<Item = I>,
    mut work: impl FnMut(I) -> F,
) -> impl Stream<Item = (usize, Result<F::Output, JoinError>)> + Unpin
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    stream::iter(inputs)
        .enumerate()
        .map(move |(index, input)| {
            let future = work(input);
            async move { (index, Ok(future.await)) }
        })
        .buffer_unordered(limit.get())
}

/// Like [`quorum`](crate::quorum).
///
/// How it goes wrong: it waits for all futures, and only then takes as many as it needs. So the slowest future decides how long the call takes.
///
/// # Errors
///
/// All errors, if too few futures succeeded.
pub async fn quorum<T, E, F>(
    needed: usize,
    futures: impl IntoIterator<Item = F>,
) -> Result<Vec<(usize, T)>, Vec<(usize, E)>>
where
    F: Future<Output = Result<T, E>>,
{
    let mut answers = Vec::new();
    let mut errors = Vec::new();
    for (index, result) in join_all(futures).await.into_iter().enumerate() {
        match result {
            Ok(answer) => answers.push((index, answer)),
            Err(error) => errors.push((index, error)),
        }
    }
    if answers.len() < needed {
        return Err(errors);
    }
    answers.truncate(needed);
    Ok(answers)
}
