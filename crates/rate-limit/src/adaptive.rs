//! A concurrency limit that adjusts itself.

use std::ops::RangeInclusive;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

/// Limits how many calls run at once, and adjusts the limit: one more while calls succeed in time, half as many when the backend is slow.
///
/// TCP finds its share of a network link in the same way: additive increase, multiplicative decrease (AIMD).
///
/// - With a limit of N, the limit grows by 1 after N good calls in a row. A call counts only if all permits were in use, because otherwise it has not tested the limit.
/// - The limit is halved when a call takes longer than `target`, or when your `overloaded` returns true. Calls that began before that no longer count, because they met the old limit.
/// - A dropped call counts as slow if it took longer than `target`, because a caller that gave up has met the overload too.
///
/// Source: [AIMD](https://en.wikipedia.org/wiki/Additive_increase/multiplicative_decrease), and Netflix's [concurrency-limits](https://github.com/Netflix/concurrency-limits).
///
/// ```
/// use std::time::Duration;
/// use rate_limit::AdaptiveLimit;
/// use tokio::time::sleep;
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// let limit = AdaptiveLimit::new(8, 1..=20, Duration::from_millis(100));
/// let answer = limit.run(async { sleep(Duration::from_secs(1)).await; 7 }, |_| false).await;
/// assert_eq!((answer, limit.limit()), (7, 4));
/// # });
/// ```
#[derive(Debug)]
pub struct AdaptiveLimit {
    permits: Semaphore,
    bounds: RangeInclusive<usize>,
    target: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    limit: usize,
    /// How many of the permits in use must be removed when they are released.
    owed: usize,
    good: usize,
    lowered: Option<Instant>,
}

impl AdaptiveLimit {
    /// Starts with this limit, and keeps it within the bounds. `target` is the longest time that a good call may take.
    ///
    /// # Panics
    ///
    /// If the lower bound is 0, if the first limit is not within the bounds, or if the upper bound is above [`Semaphore::MAX_PERMITS`].
    #[must_use]
    pub fn new(first: usize, bounds: RangeInclusive<usize>, target: Duration) -> Self {
        assert!(*bounds.start() > 0, "a limit of 0 would let nobody start");
        assert!(bounds.contains(&first), "the first limit is within the bounds");
        assert!(*bounds.end() <= Semaphore::MAX_PERMITS, "a semaphore cannot hold so many permits");
        let state = State { limit: first, owed: 0, good: 0, lowered: None };
        Self { permits: Semaphore::new(first), bounds, target, state: Mutex::new(state) }
    }

    /// Waits for a permit, first come, first served, and then for the work. The permit is released when the work ends or is dropped.
    ///
    /// `overloaded` decides whether the output means that the backend has too much to do, as the status 429 or 503 does. "Not found" does not mean that.
    ///
    /// Cancel safe: if the work is. If you drop the call while it waits, it loses its place. If you drop it later, it releases the permit.
    pub async fn run<F: Future>(&self, work: F, overloaded: impl FnOnce(&F::Output) -> bool) -> F::Output {
        // Nothing closes the semaphore, so there will be a permit.
        let permit = self.permits.acquire().await.ok();
        let mut call = Call { limit: self, permit, begun: Instant::now(), good: None };
        let output = work.await;
        call.good = Some(!overloaded(&output));
        output
    }

    /// How many calls may run now. After a decrease, more than that may still run until enough of them have ended.
    pub fn limit(&self) -> usize {
        self.state().limit
    }

    /// How many calls are running.
    pub fn under_way(&self) -> usize {
        let state = self.state();
        (state.limit + state.owed).saturating_sub(self.permits.available_permits())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn raise(&self, state: &mut State) {
        // If not all permits are in use, the call has not tested this limit.
        if self.permits.available_permits() > 0 {
            return;
        }
        state.good += 1;
        if state.good < state.limit || state.limit == *self.bounds.end() {
            return;
        }
        state.good = 0;
        state.limit += 1;
        match state.owed.checked_sub(1) {
            Some(fewer) => state.owed = fewer,
            None => self.permits.add_permits(1),
        }
    }

    fn lower(&self, state: &mut State) {
        let lower = (state.limit / 2).max(*self.bounds.start());
        let fewer = state.limit - lower;
        // This takes free permits only. The others go when their calls end.
        state.owed += fewer - self.permits.forget_permits(fewer);
        state.limit = lower;
        state.good = 0;
        state.lowered = Some(Instant::now());
    }
}

/// A running call. The drop decides whether the call was good or slow.
struct Call<'a> {
    limit: &'a AdaptiveLimit,
    permit: Option<SemaphorePermit<'a>>,
    begun: Instant,
    good: Option<bool>,
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        let mut state = self.limit.state();
        let is_new = state.lowered.is_none_or(|lowered| lowered <= self.begun);
        let slow = self.begun.elapsed() > self.limit.target;
        match self.good {
            _ if !is_new => {}
            _ if slow => self.limit.lower(&mut state),
            Some(true) => self.limit.raise(&mut state),
            Some(false) => self.limit.lower(&mut state),
            None => {}
        }
        if let Some(permit) = self.permit.take()
            && let Some(fewer) = state.owed.checked_sub(1)
        {
            state.owed = fewer;
            permit.forget();
        }
    }
}
