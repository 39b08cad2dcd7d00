//! Limits how many run at once: asyncio's `asyncio.Semaphore`, and Tokio's `Semaphore`, whose permits are values.
//!
//! ```sh
//! cargo run -p semaphore
//! ```
//!
#![doc = include_str!("../README.md")]

use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::StreamExt;
use futures::stream;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, JoinSet};

pub mod naive;

/// Waits for a permit, then for the future, and releases the permit.
///
/// It joins the queue for permits when you first poll this future, not when you call this function.
///
/// # Errors
///
/// [`AcquireError`], if the semaphore was closed. Then the future is dropped without a poll.
///
/// Cancel safe: if the future is. If you drop the call while it waits, it loses its place in the queue. If you drop it later, it releases the permit at once.
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
    // Give it a name, even if it starts with an underscore: `let _ =` would drop the permit here.
    let _permit = semaphore.acquire().await?;
    Ok(future.await)
}

/// Runs `work` on every item, each in its own task. At most as many run at once as the semaphore has permits.
///
/// Returns the results in the order of the items.
/// It spawns a task only when it has a permit for it. So a long list of items does not become a long list of tasks.
/// Permits that you add in the meantime count too.
/// If the semaphore is closed, no more work starts, and it returns the results of the items that had started.
///
/// # Errors
///
/// A [`JoinError`] as soon as the work panics, also while this function waits for a permit. The other tasks are aborted.
///
/// Cancel safe: no, because a drop loses the results so far, and aborts the tasks.
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
        // Made once for each item, because a new `acquire` would start again at the end of the queue.
        let mut place = pin!(Arc::clone(&semaphore).acquire_owned());
        let permit = loop {
            tokio::select! {
                // Other code may hold all permits for a long time. In the meantime, a panic is reported, and ended tasks leave the memory.
                biased;
                Some(ended) = tasks.join_next() => results.push(ended?),
                permit = &mut place => break permit,
            }
        };
        let Ok(permit) = permit else { break };
        let work = work(item);
        tasks.spawn(async move {
            let result = work.await;
            drop(permit);
            (number, result)
        });
    }
    while let Some(ended) = tasks.join_next().await {
        results.push(ended?);
    }
    results.sort_unstable_by_key(|(number, _)| *number);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

/// Runs `work` on every item, at most `limit` at once, without a semaphore, and all of it in this task.
///
/// Returns the results in the order of the items.
/// Because all items share a task, they wait at the same time but compute one after another.
///
/// # Panics
///
/// If `limit` is 0, or if the work panics.
///
/// Cancel safe: no, because a drop loses the results so far, and drops all the work.
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
    // With 0, the stream would wait for ever for its first place.
    assert!(limit > 0, "a limit of 0 lets nothing run");
    let numbered = items.into_iter().enumerate().map(|(number, item)| {
        let work = work(item);
        async move { (number, work.await) }
    });
    // Not `buffered`, because there a finished result keeps a place that another item could use.
    let mut results: Vec<_> = stream::iter(numbered).buffer_unordered(limit).collect().await;
    results.sort_unstable_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Removes this many permits permanently: first the free ones, then others as they are released.
///
/// The counterpart of [`Semaphore::add_permits`]. ([`Semaphore::forget_permits`] removes only free permits.)
///
/// It collects the permits before any later caller gets one.
/// If there are fewer permits in all, it waits for ever, and all later callers wait behind it.
///
/// # Errors
///
/// [`AcquireError`], if the semaphore was closed.
///
/// Cancel safe: yes, because a drop releases the permits that it has collected so far.
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

/// The map of hosts is not searched for idle hosts before it holds this many.
const FEW: usize = 64;

/// A separate limit for each host (or for each key of another kind).
///
/// ```
/// use semaphore::PerHost;
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// let hosts = PerHost::new(2);
/// for number in 0..10_000 {
///     let _permit = hosts.acquire(&format!("host {number}")).await;
/// }
/// assert!(hosts.len() <= 64); // Hosts that nobody uses any more are forgotten.
/// # });
/// ```
#[derive(Debug)]
pub struct PerHost {
    limit: usize,
    hosts: Mutex<Hosts>,
}

#[derive(Debug)]
struct Hosts {
    semaphores: HashMap<String, Arc<Semaphore>>,
    /// When the map holds this many hosts, it is searched for idle ones.
    look_at: usize,
}

/// The right to talk to a host, until you drop it.
///
/// This is not the [`OwnedSemaphorePermit`] itself, because with that you could close the semaphore for all other callers.
#[derive(Debug)]
#[must_use = "dropped at once, it limits nothing"]
pub struct HostPermit {
    _permit: OwnedSemaphorePermit,
}

impl PerHost {
    /// Allows at most `limit` permits at once for each host.
    ///
    /// # Panics
    ///
    /// If `limit` is 0.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        assert!(limit > 0, "a limit of 0 lets nothing run");
        Self { limit, hosts: Mutex::new(Hosts { semaphores: HashMap::new(), look_at: FEW }) }
    }

    /// Waits for a permit for this host. Dropping the permit releases it.
    ///
    /// Cancel safe: yes, but a dropped call loses its place in the host's queue.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "nobody outside can close the semaphore")]
    pub async fn acquire(&self, host: &str) -> HostPermit {
        let semaphore = self.lock().of(host, self.limit);
        HostPermit { _permit: semaphore.acquire_owned().await.expect("a host's semaphore is never closed") }
    }

    /// How many hosts are in memory: at most 64, or twice as many as were in use at the last search for idle ones.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().semaphores.len()
    }

    /// Whether no host is in memory.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, Hosts> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hosts {
    fn of(&mut self, host: &str, limit: usize) -> Arc<Semaphore> {
        if let Some(semaphore) = self.semaphores.get(host) {
            return Arc::clone(semaphore);
        }
        // If it searched all hosts for each new one, the time would grow with the square of their number.
        // It searches only when the map has doubled, so a new host costs two checks on average.
        if self.semaphores.len() >= self.look_at {
            // Every permit and every waiter holds a clone, and clones are made under this lock. So a count of 1 means that the host is idle.
            self.semaphores.retain(|_, semaphore| Arc::strong_count(semaphore) > 1);
            self.look_at = FEW.max(2 * self.semaphores.len());
        }
        let semaphore = Arc::new(Semaphore::new(limit));
        self.semaphores.insert(host.to_owned(), Arc::clone(&semaphore));
        semaphore
    }
}
