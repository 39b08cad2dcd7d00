//! At most so many at once: asyncio's `asyncio.Semaphore`, Tokio's `Semaphore`, whose permits are values.
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
/// The place in the queue for permits is taken when this future is first polled, not when this function is called.
///
/// # Errors
///
/// [`AcquireError`] when the semaphore was closed; the future is dropped unpolled.
///
/// Cancel safe: if the future is. Dropped while it waits, it loses its place in the queue; dropped later, it releases the permit at once.
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
/// A task is spawned only when its permit is there, so a long list of items does not become a long list of tasks.
/// Permits that are added meanwhile count.
/// When the semaphore is closed, no more work starts, and the results are those of the first items.
///
/// # Errors
///
/// A [`JoinError`] as soon as the work panics, also while this function waits for a permit; the other tasks are aborted.
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
        // Made once for each item: an `acquire` that is dropped and made anew starts at the end of the queue.
        let mut place = pin!(Arc::clone(&semaphore).acquire_owned());
        let permit = loop {
            tokio::select! {
                // Others may hold all permits for long. A panic is reported meanwhile, and no task that has ended stays in memory.
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

/// Takes this many permits away for good: first those that are free, then the others as they come back.
///
/// The counterpart of [`Semaphore::add_permits`]; [`Semaphore::forget_permits`] takes only those that are free.
///
/// It collects the permits before anybody who asks later gets one.
/// It waits for ever if there are fewer permits in all, and all who ask later wait behind it.
///
/// # Errors
///
/// [`AcquireError`] when the semaphore was closed.
///
/// Cancel safe: yes, because it releases what it has collected so far.
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

/// The map of hosts is not looked through before it holds this many.
const FEW: usize = 64;

/// A limit for each host, or whatever else the key is, on its own.
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
    /// With this many hosts, idle ones are looked for.
    look_at: usize,
}

/// The right to talk to a host, until it is dropped.
///
/// Not the [`OwnedSemaphorePermit`] itself: its holder could close the semaphore for all others.
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
        Self { limit, hosts: Mutex::new(Hosts { semaphores: HashMap::new(), look_at: FEW }) }
    }

    /// Waits for a permit for this host. Dropping the permit releases it.
    ///
    /// Cancel safe: yes, except that it loses its place in the host's queue.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "nobody outside can close the semaphore")]
    pub async fn acquire(&self, host: &str) -> HostPermit {
        let semaphore = self.lock().of(host, self.limit);
        HostPermit { _permit: semaphore.acquire_owned().await.expect("a host's semaphore is never closed") }
    }

    /// How many hosts are in memory: at most 64, or twice as many as were in use when idle ones were last looked for.
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
        // Looking at all hosts for each new one would take time that grows with the square of their number.
        // After the map has doubled, a new host costs two looks on average.
        if self.semaphores.len() >= self.look_at {
            // Every permit and every waiter holds a clone, and clones are made under this lock: a count of 1 means that nobody uses the host.
            self.semaphores.retain(|_, semaphore| Arc::strong_count(semaphore) > 1);
            self.look_at = FEW.max(2 * self.semaphores.len());
        }
        let semaphore = Arc::new(Semaphore::new(limit));
        self.semaphores.insert(host.to_owned(), Arc::clone(&semaphore));
        semaphore
    }
}
