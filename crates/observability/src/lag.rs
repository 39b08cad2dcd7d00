//! The lag of the runtime: how late it polls a task that is due.

use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, interval_at};

/// Below this many milliseconds, a percentile is exact to the millisecond.
const EXACT: usize = 1_000;

/// A histogram of how late the checks of the runtime were.
///
/// It counts each check in one of 1,001 buckets of a millisecond. So its memory is bounded, however long the program runs.
#[derive(Clone, Debug)]
pub struct Looks {
    counts: Vec<u64>,
    total: u64,
    worst: Duration,
}

impl Default for Looks {
    fn default() -> Self {
        Self { counts: vec![0; EXACT + 1], total: 0, worst: Duration::ZERO }
    }
}

impl Looks {
    /// Counts a check that was this late.
    pub fn record(&mut self, late: Duration) {
        let milliseconds = usize::try_from(late.as_millis()).unwrap_or(usize::MAX);
        self.counts[milliseconds.min(EXACT)] += 1;
        self.total += 1;
        self.worst = self.worst.max(late);
    }

    /// How many checks there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.total
    }

    /// How late the worst check was.
    #[must_use]
    pub fn worst(&self) -> Duration {
        self.worst
    }

    /// The lag that this percentage of the checks did not exceed, rounded down to whole milliseconds. Zero if there was no check.
    ///
    /// If it is a second or more, this is the lag of the worst check.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let mut looks = observability::Looks::default();
    /// (1..=100).for_each(|late| looks.record(Duration::from_millis(late)));
    /// assert_eq!(looks.percentile(50), Duration::from_millis(50));
    /// assert_eq!(looks.percentile(99), Duration::from_millis(99));
    /// ```
    #[must_use]
    pub fn percentile(&self, percent: u8) -> Duration {
        let rank = (self.total * u64::from(percent)).div_ceil(100).max(1);
        let mut seen = 0;
        let found = (0..).zip(&self.counts).find(|(_, count)| {
            seen += **count;
            seen >= rank
        });
        match found {
            Some((milliseconds, _)) if milliseconds < EXACT as u64 => Duration::from_millis(milliseconds),
            _ => self.worst,
        }
    }
}

/// Collects the lag of the runtime: [`watch_lag`] records it, and [`report`](crate::report) takes it.
#[derive(Debug, Default)]
pub struct Lag(Mutex<Looks>);

impl Lag {
    /// Counts a check that was this late.
    pub fn record(&self, late: Duration) {
        self.lock().record(late);
    }

    /// The checks since the last call.
    pub fn take(&self) -> Looks {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Looks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Checks the runtime at every interval of `every`, and records how late each check was. It never ends: drop it, or abort its task.
///
/// Checks that were due while a task blocked the thread count too, each with its own lag.
/// It reads Tokio's clock. While that clock is paused, real work takes no time.
/// Spawn it as a task. Inside a busy task it would measure only that task.
/// With several workers, it sees a blocked worker only by chance. For that, see [`slow_polls`](crate::slow_polls).
///
/// # Panics
///
/// If `every` is zero, or outside of a runtime with a timer.
///
/// # Cancel safety
///
/// Cancel safe: yes. The recorded checks stay recorded.
///
/// Source: [`Interval::tick`](tokio::time::Interval::tick) returns when the tick was due.
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let lag = Arc::new(observability::Lag::default());
/// let mut monitor = tokio::task::JoinSet::new(); // dropped at the end, which stops the monitor
/// let seen = Arc::clone(&lag);
/// monitor.spawn(async move { observability::watch_lag(Duration::from_millis(5), &seen).await });
/// tokio::time::sleep(Duration::from_millis(10)).await;
/// std::thread::sleep(Duration::from_millis(60)); // the mistake that it finds
/// tokio::time::sleep(Duration::from_millis(10)).await;
/// assert!(lag.take().worst() >= Duration::from_millis(50));
/// # });
/// ```
pub async fn watch_lag(every: Duration, lag: &Lag) -> Infallible {
    // By default, an interval catches up on each missed tick, and returns when that tick was due.
    let mut looks = interval_at(Instant::now() + every, every);
    loop {
        let due = looks.tick().await;
        lag.record(due.elapsed());
    }
}
