//! Who waits for what.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The waits of a program that are under way: for the moment in which nothing goes on. Clones are the same list.
#[derive(Clone, Debug, Default)]
pub struct Waits(Arc<Mutex<Open>>);

#[derive(Debug, Default)]
struct Open {
    next: u64,
    /// In the order in which they began.
    waits: BTreeMap<u64, (String, &'static str, Instant)>,
}

/// A wait that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Who waits.
    pub who: String,
    /// For what.
    pub what: &'static str,
    /// For how long, so far.
    pub lasts: Duration,
}

impl Waits {
    /// Awaits a future, and lists it meanwhile.
    ///
    /// # Cancel safety
    ///
    /// As the future. A wait that is dropped leaves the list.
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

/// A wait is on the list, until this is dropped.
struct Listed<'a>(&'a Waits, u64);

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        self.0.lock().waits.remove(&self.1);
    }
}
