//! Runs many futures at once and collects all their results: the counterparts of `asyncio.gather`.
//!
//! ```sh
//! cargo run -p gather
//! ```
//!
#![doc = include_str!("../README.md")]

use std::collections::HashMap;
use std::future::Future;

use futures::TryFutureExt;
use futures::future::join_all;
use futures::stream::{FuturesUnordered, TryStreamExt};
use tokio::task::coop::unconstrained;
use tokio::task::{JoinError, JoinSet};

pub mod naive;

/// Runs all futures at once and returns their results in the order of the inputs, whichever future finishes first.
///
/// The futures share one task: they wait at the same time, but compute one after another.
/// For tens of thousands of futures use [`spawned`]: see "At scale" in the chapter.
///
/// Cancel safe: no. If you drop this future, it drops the results so far, and the futures that still run.
///
/// # Panics
///
/// If one of the futures panics. The others are dropped.
///
/// Source: [`join_all`], and [`asyncio.gather`](https://docs.python.org/3/library/asyncio-task.html#asyncio.gather).
///
/// ```
/// # tokio_test::block_on(async {
/// let doubled = gather::all([1, 2, 3].map(async |number| number * 2)).await;
/// assert_eq!(doubled, [2, 4, 6]);
/// # });
/// ```
pub async fn all<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    join_all(futures).await
}

/// Runs all futures at once and returns every result, including failures, in the order of the inputs. A failure does not affect the others.
///
/// The counterpart of `asyncio.gather(..., return_exceptions=True)`. It is the same as [`all`], because in Rust an error is a value like any other.
///
/// Cancel safe: no. If you drop this future, it drops the results so far, and the futures that still run.
///
/// # Panics
///
/// If one of the futures panics. The others are dropped. A panic is not an `Err`: for that, see [`spawned`].
///
/// Source: [`join_all`].
///
/// ```
/// # tokio_test::block_on(async {
/// let parsed = gather::every_result(["1", "two", "3"].map(async |text| text.parse::<u8>())).await;
/// assert_eq!(parsed.iter().filter(|result| result.is_ok()).count(), 2);
/// assert!(parsed[1].is_err());
/// # });
/// ```
pub async fn every_result<T, E, F>(futures: impl IntoIterator<Item = F>) -> Vec<Result<T, E>>
where
    F: Future<Output = Result<T, E>>,
{
    all(futures).await
}

/// Runs all futures at once and returns all their values in the order of the inputs, or the first error as soon as it comes.
///
/// After an error this drops the futures that still run, however many there are, and then returns.
///
/// Cancel safe: no. If you drop this future, it drops the values so far, and the futures that still run.
///
/// # Errors
///
/// The error that comes first in time.
/// It can be a later one if more than 128 of the futures are ready at once: see "Two errors" in the chapter.
///
/// # Panics
///
/// If one of the futures panics. The others are dropped.
///
/// Source: [`FuturesUnordered`].
///
/// ```
/// # tokio_test::block_on(async {
/// let parsed = gather::all_or_nothing(["1", "two", "3"].map(async |text| text.parse::<u8>())).await;
/// assert_eq!(parsed.unwrap_err().to_string(), "invalid digit found in string");
/// # });
/// ```
pub async fn all_or_nothing<T, E, F>(futures: impl IntoIterator<Item = F>) -> Result<Vec<T>, E>
where
    F: Future<Output = Result<T, E>>,
{
    let numbered = futures.into_iter().enumerate().map(|(number, future)| future.map_ok(move |value| (number, value)));
    let mut values: Vec<(usize, T)> = numbered.collect::<FuturesUnordered<_>>().try_collect().await?;
    values.sort_unstable_by_key(|(number, _)| *number);
    Ok(values.into_iter().map(|(_, value)| value).collect())
}

/// Runs every future in its own task and returns every result in the order of the inputs. If a task panics, its result is an `Err`.
///
/// The tasks run in parallel on a multi-thread runtime.
///
/// Cancel safe: no. If you drop this future, it drops the results so far, and aborts the tasks that still run.
/// An abort is only a request: a task that computes goes on to its next await that has to wait. So a task can still be alive for a moment after the drop.
///
/// # Panics
///
/// Outside a Tokio runtime.
///
/// Source: [`JoinSet`].
///
/// ```
/// # tokio_test::block_on(async {
/// let halves = gather::spawned([4, 0, 2].map(async |number: u32| 8 / number)).await;
/// assert_eq!(*halves[0].as_ref().unwrap(), 2);
/// assert!(halves[1].as_ref().unwrap_err().is_panic());
/// # });
/// ```
pub async fn spawned<T, F>(futures: impl IntoIterator<Item = F>) -> Vec<Result<T, JoinError>>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let mut tasks = JoinSet::new();
    let inputs: Vec<_> = futures.into_iter().map(|future| tasks.spawn(future).id()).collect();
    let mut results = HashMap::with_capacity(inputs.len());
    while let Some(joined) = tasks.join_next_with_id().await {
        match joined {
            Ok((id, value)) => results.insert(id, Ok(value)),
            Err(error) => results.insert(error.id(), Err(error)),
        };
    }
    inputs.iter().filter_map(|id| results.remove(id)).collect()
}

/// Runs every future in its own task and returns all their values in the order of the inputs, or the first error. A panic counts as an error.
///
/// After an error, this aborts the other tasks and waits for them to end, as an `asyncio.TaskGroup` does. When it returns, none of its tasks is alive.
/// So if a task computes, the error is delayed until that task next waits.
///
/// Cancel safe: no. If you drop this future, it drops the values so far, and aborts the tasks that still run.
/// An abort is only a request, and a drop cannot wait for the tasks to end. (A cancelled `TaskGroup` does wait.)
///
/// # Errors
///
/// The error that comes first in time. A panic is a [`JoinError`], converted into an `E`.
///
/// # Panics
///
/// Outside a Tokio runtime.
///
/// Source: [`JoinSet::shutdown`], and [PEP 654](https://peps.python.org/pep-0654/) for what asyncio does with several errors.
///
/// ```
/// # tokio_test::block_on(async {
/// type Error = Box<dyn std::error::Error + Send + Sync>;
/// let parsed = gather::spawned_all_or_nothing(["1", "two"].map(async |text| Ok::<_, Error>(text.parse::<u8>()?))).await;
/// assert_eq!(parsed.unwrap_err().to_string(), "invalid digit found in string");
/// # });
/// ```
pub async fn spawned_all_or_nothing<T, E, F>(futures: impl IntoIterator<Item = F>) -> Result<Vec<T>, E>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<JoinError> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for (number, future) in futures.into_iter().enumerate() {
        tasks.spawn(future.map_ok(move |value| (number, value)));
    }
    let mut values = Vec::with_capacity(tasks.len());
    // With the budget, `join_next` puts the 129th result of a poll last, so a later error would come first.
    while let Some(joined) = unconstrained(tasks.join_next()).await {
        match joined.map_err(E::from).flatten() {
            Ok(value) => values.push(value),
            Err(error) => {
                tasks.shutdown().await;
                return Err(error);
            }
        }
    }
    values.sort_unstable_by_key(|(number, _)| *number);
    Ok(values.into_iter().map(|(_, value)| value).collect())
}

/// Takes every item through two stages, all items at once. Returns the results of the second stage in the order of the items.
///
/// An item enters the second stage as soon as it has left the first, and does not wait for other items.
///
/// The bounds are `Fn(A) -> F`, not `AsyncFn(A)`. With `AsyncFn`, you cannot spawn a call whose closure borrows its captured variables.
///
/// Cancel safe: no. If you drop this future, it drops the results so far, and the items between the stages.
///
/// # Panics
///
/// If a stage panics. The unfinished items are dropped.
///
/// Source: [`join_all`].
///
/// ```
/// # tokio_test::block_on(async {
/// let lengths = gather::two_stages(1..=3, async |number| "ab".repeat(number), async |text| text.len()).await;
/// assert_eq!(lengths, [2, 4, 6]);
/// # });
/// ```
pub async fn two_stages<A, B, C, First, Second>(
    items: impl IntoIterator<Item = A>,
    first: impl Fn(A) -> First,
    second: impl Fn(B) -> Second,
) -> Vec<C>
where
    First: Future<Output = B>,
    Second: Future<Output = C>,
{
    all(items.into_iter().map(async |item| second(first(item).await).await)).await
}
