//! Fairness, counted in turns and not in time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::task::{AbortHandle, yield_now};

/// A task beside the answer that wants to run all the time, and counts how much work it had to wait for.
///
/// Fairness is counted in units of the answer's work between two turns of the neighbour:
/// on the virtual clock a loop that only yields takes no time, and on the real one times are chance.
///
/// ```
/// use exam::Neighbour;
/// use tokio::task::yield_now;
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// let neighbour = Neighbour::spawn(1_000);
/// for unit in 1..=100 {
///     neighbour.unit_done();
///     if unit % 10 == 0 {
///         yield_now().await;
///     }
/// }
/// assert_eq!(neighbour.longest_wait(), 10);
/// # });
/// ```
#[derive(Debug)]
pub struct Neighbour {
    counts: Arc<Counts>,
    task: AbortHandle,
}

#[derive(Debug, Default)]
struct Counts {
    turns: AtomicU64,
    waiting: AtomicU64,
    longest: AtomicU64,
}

impl Neighbour {
    /// Spawns it; it ends after so many turns, because while it runs the virtual clock stands still.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    #[must_use]
    pub fn spawn(most_turns: u64) -> Self {
        let counts = Arc::new(Counts::default());
        let counting = Arc::clone(&counts);
        let task = tokio::spawn(async move {
            for _ in 0..most_turns {
                counting.turns.fetch_add(1, Ordering::Relaxed);
                counting.waiting.store(0, Ordering::Relaxed);
                yield_now().await;
            }
        });
        Self { counts, task: task.abort_handle() }
    }

    /// The answer did one unit of its work.
    pub fn unit_done(&self) {
        let waiting = self.counts.waiting.fetch_add(1, Ordering::Relaxed) + 1;
        self.counts.longest.fetch_max(waiting, Ordering::Relaxed);
    }

    /// How many turns it had.
    #[must_use]
    pub fn turns(&self) -> u64 {
        self.counts.turns.load(Ordering::Relaxed)
    }

    /// The most units that were done between two of its turns, or before the first.
    #[must_use]
    pub fn longest_wait(&self) -> u64 {
        self.counts.longest.load(Ordering::Relaxed)
    }
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        self.task.abort();
    }
}
