//! The versions that go wrong.

use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

use crate::Refused;

/// Goes wrong at the border of two windows: the last calls of one window and the first calls of the next come together.
/// That can be nearly twice as many as allowed.
#[derive(Debug)]
pub struct FixedWindow {
    count: u32,
    per: Duration,
    /// When the window ends, and how many have started in it.
    window: Mutex<(Instant, u32)>,
}

impl FixedWindow {
    /// Allows this many starts in a window. A window begins with the first call after the window before.
    #[must_use]
    pub fn new(count: u32, per: Duration) -> Self {
        Self { count, per, window: Mutex::new((Instant::now(), 0)) }
    }

    /// Starts if there is room in the window.
    ///
    /// # Errors
    ///
    /// [`Refused`], with the time that is left of the window.
    pub fn try_acquire(&self) -> Result<(), Refused> {
        let now = Instant::now();
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if now >= window.0 {
            *window = (now + self.per, 0);
        }
        if window.1 == self.count {
            return Err(Refused { retry_after: window.0 - now });
        }
        window.1 += 1;
        Ok(())
    }

    /// Waits for a window with room, unless it would wait longer than `patience`.
    ///
    /// # Errors
    ///
    /// [`Refused`], with the time that is left of the window.
    pub async fn acquire_within(&self, patience: Duration) -> Result<(), Refused> {
        while let Err(refused) = self.try_acquire() {
            if refused.retry_after > patience {
                return Err(refused);
            }
            // At the border, all waiting callers wake at the same time.
            sleep(refused.retry_after).await;
        }
        Ok(())
    }
}

/// Goes wrong when it lowers the limit: `forget_permits` removes only free permits, and under load there are none.
/// It also lowers the limit once for each slow call, and raises it although no caller needs more.
#[derive(Debug)]
pub struct AdaptiveLimit {
    permits: Semaphore,
    bounds: RangeInclusive<usize>,
    target: Duration,
    /// The limit, and the number of good calls since it changed.
    state: Mutex<(usize, usize)>,
}

impl AdaptiveLimit {
    /// Starts with this limit.
    #[must_use]
    pub fn new(first: usize, bounds: RangeInclusive<usize>, target: Duration) -> Self {
        Self { permits: Semaphore::new(first), bounds, target, state: Mutex::new((first, 0)) }
    }

    /// Waits for a permit, then for the work. A dropped call changes nothing, even if it was slow.
    pub async fn run<F: Future>(&self, work: F, overloaded: impl FnOnce(&F::Output) -> bool) -> F::Output {
        let _permit = self.permits.acquire().await.ok();
        let begun = Instant::now();
        let output = work.await;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (limit, good) = *state;
        *state = if begun.elapsed() > self.target || overloaded(&output) {
            let lower = (limit / 2).max(*self.bounds.start());
            // It returns how many free permits it found.
            _ = self.permits.forget_permits(limit - lower);
            (lower, 0)
        } else if good + 1 >= limit && limit < *self.bounds.end() {
            self.permits.add_permits(1);
            (limit + 1, 0)
        } else {
            (limit, good + 1)
        };
        output
    }

    /// The limit that it believes to hold.
    pub fn limit(&self) -> usize {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0
    }
}
