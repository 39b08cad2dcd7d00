//! A limit of concurrency that adjusts itself.

use std::ops::RangeInclusive;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

/// At most so many calls at once, and it learns how many: one more while all goes well, half as many when the backend is slow.
///
/// TCP finds its share of a line in the same way: additive increase, multiplicative decrease (AIMD).
///
/// - The limit grows by 1 after as many good calls in a row as the limit is. A call counts only if all permits were in use: otherwise nobody has tried the limit.
/// - The limit is halved when a call takes longer than `target`, or is overloaded by your own judgement. Then calls that began before count for nothing, because they met the old limit.
/// - A dropped call counts as slow if it took longer than `target`: a caller who gave up has seen the overload as well.
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
    /// How many of the permits in use have to go when they come back.
    owed: usize,
    good: usize,
    lowered: Option<Instant>,
}

impl AdaptiveLimit {
    /// Begins with this limit. It stays within the bounds. `target` is the longest time that a good call takes.
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

    /// Waits for a permit, in the order of the callers, and then for the work. The permit is released when the work ends or is dropped.
    ///
    /// `overloaded` says whether the output means that the backend has too much to do, as the status 429 or 503 does. "Not found" does not mean that.
    ///
    /// Cancel safe: if the work is. Dropped while it waits, it loses its place. Dropped later, it releases the permit.
    pub async fn run<F: Future>(&self, work: F, overloaded: impl FnOnce(&F::Output) -> bool) -> F::Output {
        // Nobody closes the semaphore, so there always is a permit.
        let permit = self.permits.acquire().await.ok();
        let mut call = Call { limit: self, permit, begun: Instant::now(), good: None };
        let output = work.await;
        call.good = Some(!overloaded(&output));
        output
    }

    /// How many calls may be under way now. After a decrease, more may be under way until enough of them have ended.
    pub fn limit(&self) -> usize {
        self.state().limit
    }

    /// How many calls are under way.
    pub fn under_way(&self) -> usize {
        let state = self.state();
        (state.limit + state.owed).saturating_sub(self.permits.available_permits())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn raise(&self, state: &mut State) {
        // If not all permits are in use, nobody has tried this limit.
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

/// A call under way. Its end is judged when this is dropped.
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
