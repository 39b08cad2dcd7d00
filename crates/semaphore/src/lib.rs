//! At most so many at once: asyncio's `asyncio.Semaphore`, Tokio's `Semaphore`, whose permits are values.
//!
//! ```sh
//! cargo run -p semaphore
//! ```
//!
#![doc = include_str!("../README.md")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures::StreamExt;
use futures::stream;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, JoinSet};

pub mod naive;

/// Waits for a permit, then for the future, and gives the permit back.
///
/// The place in the queue for permits is taken when this future is first polled, not when this function is called.
///
/// # Errors
///
/// [`AcquireError`] when the semaphore was closed; the future is dropped unpolled.
///
/// Cancel safe: if the future is. Dropped while it waits, it loses its place in the queue; dropped later, the permit comes back at once.
///
/// Source: <https://docs.rs/tokio/1.54/tokio/sync/struct.Semaphore.html#method.acquire>
///
/// ```
/// use semaphore::with_permit;
/// use tokio::sync::Semaphore;
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// let semaphore = Semaphore::new(3);
/// let free = with_permit(&semaphore, async { semaphore.available_permits() }).await?;
/// assert_eq!(free, 2);
/// assert_eq!(semaphore.available_permits(), 3);
/// # Ok::<(), tokio::sync::AcquireError>(())
/// # }).0.unwrap();
/// ```
pub async fn with_permit<F: Future>(semaphore: &Semaphore, future: F) -> Result<F::Output, AcquireError> {
    // A name, if only an underscore and a word: `let _ =` would drop the permit here.
    let _permit = semaphore.acquire().await?;
    Ok(future.await)
}

/// Runs `work` on every item, each in a task of its own, at most as many at once as the semaphore has permits.
///
/// Returns the results in the order of the items.
/// A task is spawned only when its permit is there, so that no more than the limit exist, however many items there are.
/// Permits that are added meanwhile count; when the semaphore is closed, no more is started, and the results are those of the first items.
///
/// # Errors
///
/// A [`JoinError`] when the work panics; the other tasks are aborted.
///
/// Cancel safe: no, because the results so far are dropped; the tasks are aborted with this future.
///
/// Source: <https://docs.rs/tokio/1.54/tokio/sync/struct.Semaphore.html#limit-the-number-of-simultaneously-opened-files-in-your-program>
///
/// ```
/// use std::sync::Arc;
/// use semaphore::limited;
/// use tokio::sync::Semaphore;
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// let squares = limited(Arc::new(Semaphore::new(2)), 1..=4, async |number| number * number).await?;
/// assert_eq!(squares, [1, 4, 9, 16]);
/// # Ok::<(), tokio::task::JoinError>(())
/// # }).0.unwrap();
/// ```
pub async fn limited<T, R, Fut>(
    semaphore: Arc<Semaphore>,
    items: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> Fut,
) -> Result<Vec<R>, JoinError>
where
    R: Send + 'static,
    Fut: Future<Output = R> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    let mut results = Vec::new();
    for (number, item) in items.into_iter().enumerate() {
        let Ok(permit) = Arc::clone(&semaphore).acquire_owned().await else { break };
        let work = work(item);
        tasks.spawn(async move {
            let result = work.await;
            drop(permit);
            (number, result)
        });
        // A task that ended is kept until it is joined, and so is its panic.
        while let Some(ended) = tasks.try_join_next() {
            results.push(ended?);
        }
    }
    while let Some(ended) = tasks.join_next().await {
        results.push(ended?);
    }
    results.sort_unstable_by_key(|(number, _)| *number);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

/// Runs `work` on every item, at most `limit` at once, without a semaphore and in this very task.
///
/// Returns the results in the order of the items.
/// As everything shares a task, items wait at the same time and compute one after another.
///
/// # Panics
///
/// If `limit` is 0, or the work panics.
///
/// Cancel safe: no, because the results so far are dropped; all the work is dropped with this future.
///
/// Source: <https://docs.rs/futures/0.3/futures/stream/trait.StreamExt.html#method.buffer_unordered>
///
/// ```
/// use semaphore::limited_in_one_task;
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// let squares = limited_in_one_task(2, 1..=4, async |number| number * number).await;
/// assert_eq!(squares, [1, 4, 9, 16]);
/// # });
/// ```
pub async fn limited_in_one_task<T, R, Fut>(
    limit: usize,
    items: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> Fut,
) -> Vec<R>
where
    Fut: Future<Output = R>,
{
    // The stream would wait for ever for the first place.
    assert!(limit > 0, "a limit of 0 lets nothing run");
    let numbered = items.into_iter().enumerate().map(|(number, item)| {
        let work = work(item);
        async move { (number, work.await) }
    });
    // Not `buffered`, which keeps finished results in places that others could use.
    let mut results: Vec<_> = stream::iter(numbered).buffer_unordered(limit).collect().await;
    results.sort_unstable_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Takes so many permits away for good: those that are free now, the others as they come back.
///
/// The counterpart of [`Semaphore::add_permits`]; [`Semaphore::forget_permits`] takes only those that are free.
///
/// # Errors
///
/// [`AcquireError`] when the semaphore was closed.
///
/// Never ready while there are fewer in all, and whoever asks later waits behind it: what comes back is collected for this one first.
///
/// Cancel safe: yes, because what it has collected so far comes back.
///
/// Source: <https://docs.rs/tokio/1.54/tokio/sync/struct.SemaphorePermit.html#method.forget>
///
/// ```
/// use semaphore::take_away;
/// use tokio::sync::Semaphore;
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// let semaphore = Semaphore::new(3);
/// take_away(&semaphore, 2).await?;
/// assert_eq!(semaphore.available_permits(), 1);
/// # Ok::<(), tokio::sync::AcquireError>(())
/// # }).0.unwrap();
/// ```
pub async fn take_away(semaphore: &Semaphore, permits: u32) -> Result<(), AcquireError> {
    semaphore.acquire_many(permits).await?.forget();
    Ok(())
}

/// A limit for each host, or whatever else the key is, on its own.
///
/// ```
/// use semaphore::PerHost;
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// let hosts = PerHost::new(2);
/// let permit = hosts.acquire("example.org").await;
/// assert_eq!(hosts.len(), 1);
/// drop(permit);
/// let _other = hosts.acquire("example.com").await;
/// assert_eq!(hosts.len(), 1); // Nobody talks to example.org any more.
/// # });
/// ```
#[derive(Debug)]
pub struct PerHost {
    limit: usize,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// The right to talk to a host, until it is dropped.
///
/// Not the [`OwnedSemaphorePermit`] itself, through which one could close the semaphore for all others.
#[derive(Debug)]
#[must_use = "dropped at once, it limits nothing"]
pub struct HostPermit {
    _permit: OwnedSemaphorePermit,
}

impl PerHost {
    /// At most `limit` permits at once for each host.
    ///
    /// # Panics
    ///
    /// If `limit` is 0.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        assert!(limit > 0, "a limit of 0 lets nothing run");
        Self { limit, hosts: Mutex::default() }
    }

    /// Waits for a permit for this host; it comes back when it is dropped.
    ///
    /// Cancel safe: yes, except that the place in the host's queue is lost.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "nobody outside can close the semaphore")]
    pub async fn acquire(&self, host: &str) -> HostPermit {
        HostPermit { _permit: self.of(host).acquire_owned().await.expect("a host's semaphore is never closed") }
    }

    /// How many hosts are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether no host is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn of(&self, host: &str) -> Arc<Semaphore> {
        let mut hosts = self.lock();
        if let Some(semaphore) = hosts.get(host) {
            return Arc::clone(semaphore);
        }
        // Permits and those who wait hold a clone: a host without one is forgotten, so that the map does not grow for ever.
        // Each new host looks at all others; with tens of thousands at a time, look only when the map has doubled.
        hosts.retain(|_, semaphore| Arc::strong_count(semaphore) > 1);
        let semaphore = Arc::new(Semaphore::new(self.limit));
        hosts.insert(host.to_owned(), Arc::clone(&semaphore));
        semaphore
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Semaphore>>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
