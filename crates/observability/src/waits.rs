//! A list of the waits in progress: which task waits for what.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// A program's waits in progress. Look at them when the program hangs. All clones are the same list.
#[derive(Clone, Debug, Default)]
pub struct Waits(Arc<Mutex<Open>>);

#[derive(Debug, Default)]
struct Open {
    next: u64,
    /// The waits, in the order in which they began.
    waits: BTreeMap<u64, (String, &'static str, Instant)>,
}

/// A wait in progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The name of the task that waits.
    pub who: String,
    /// What it waits for.
    pub what: &'static str,
    /// How long it has waited so far.
    pub lasts: Duration,
}

impl Waits {
    /// Awaits a future, and keeps it on the list until it is done.
    ///
    /// # Cancel safety
    ///
    /// If the future is. A dropped wait is removed from the list.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tokio::sync::Mutex;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(async {
    /// let (waits, store) = (observability::Waits::default(), Mutex::new(()));
    /// let _held = store.lock().await;
    /// let ann = waits.list("ann", "the store", store.lock());
    /// let look = async {
    ///     tokio::time::sleep(Duration::from_secs(3)).await;
    ///     let stuck = waits.longer_than(Duration::from_secs(2));
    ///     assert_eq!((stuck[0].who.as_str(), stuck[0].what), ("ann", "the store"));
    /// };
    /// tokio::select! { _ = ann => unreachable!(), () = look => {} }
    /// # });
    /// ```
    pub async fn list<F: Future>(&self, who: impl Into<String>, what: &'static str, future: F) -> F::Output {
        let number = {
            let mut open = self.lock();
            open.next += 1;
            let number = open.next;
            open.waits.insert(number, (who.into(), what, Instant::now()));
            number
        };
        let _listed = Listed(self, number);
        future.await
    }

    /// The waits that have lasted longer than this, the oldest first.
    #[must_use]
    pub fn longer_than(&self, limit: Duration) -> Vec<Wait> {
        let open = self.lock();
        let waits =
            open.waits.values().map(|(who, what, since)| Wait { who: who.clone(), what, lasts: since.elapsed() });
        waits.filter(|wait| wait.lasts > limit).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes a wait from the list on drop.
struct Listed<'a>(&'a Waits, u64);

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        self.0.lock().waits.remove(&self.1);
    }
}
