//! Limits how many calls start per second, and has a concurrency limit that adjusts itself to the load that a backend can take.
//!
//! ```sh
//! cargo run -p rate-limit
//! ```
#![doc = include_str!("../README.md")]

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

mod adaptive;
pub mod naive;

pub use adaptive::AdaptiveLimit;

/// The longest `per` of a [`RateLimit`]: about ten years.
const LONGEST: Duration = Duration::from_hours(24 * 365 * 10);

/// Limits how many calls start per unit of time, and spreads them evenly. To share it between tasks, put it into an `Arc`.
///
/// This is GCRA, the algorithm of the crate governor. It stores one instant, and needs no task that refills a bucket.
/// `next` is when the next start would be due if all starts kept the interval exactly. Each start moves `next` by one interval.
/// A start may come before it is due, but by at most `burst - 1` intervals.
///
/// So in any span of time there can be at most `burst` starts, plus one for each interval.
///
/// Source: [GCRA](https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm), and [governor](https://docs.rs/governor).
///
/// ```
/// use std::time::Duration;
/// use rate_limit::RateLimit;
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// let limit = RateLimit::new(10, Duration::from_secs(1), 2);
/// limit.acquire().await;
/// limit.acquire().await; // the burst
/// let refused = limit.try_acquire().unwrap_err();
/// assert_eq!(refused.retry_after, Duration::from_millis(100));
/// limit.acquire().await; // waits for 100 ms
/// # });
/// ```
#[derive(Debug)]
pub struct RateLimit {
    interval: Duration,
    /// How much earlier than its due time a start may come.
    credit: Duration,
    schedule: Mutex<Schedule>,
    /// The caller that holds this lock waits for the next start. The other callers wait for the lock, first come, first served.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Schedule {
    next: Instant,
    waiting: u32,
}

impl RateLimit {
    /// Allows `count` starts in each `per`. After a pause, `burst` starts may come at once.
    ///
    /// # Panics
    ///
    /// If `count` or `burst` is 0, or if `per` is longer than ten years.
    #[must_use]
    pub fn new(count: u32, per: Duration, burst: u32) -> Self {
        assert!(count > 0 && burst > 0, "a limit of 0 would let nobody start");
        assert!(per <= LONGEST, "a limit needs a `per` of at most ten years");
        let interval = per / count;
        let schedule = Mutex::new(Schedule { next: Instant::now(), waiting: 0 });
        Self { interval, credit: interval.saturating_mul(burst - 1), schedule, turn: tokio::sync::Mutex::default() }
    }

    /// Waits until the caller may start. Callers start in the order in which they came.
    ///
    /// Nothing limits the number of waiting callers. If calls come from outside your program, use [`acquire_within`](Self::acquire_within).
    ///
    /// Cancel safe: a dropped call loses its place and uses up no start.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime with time enabled, if it has to wait.
    pub async fn acquire(&self) {
        // No caller waits longer than this.
        _ = self.acquire_within(Duration::MAX).await;
    }

    /// Like [`acquire`](Self::acquire), but returns at once if the wait would be longer than `patience`.
    ///
    /// # Errors
    ///
    /// [`Refused`], with the time after which the caller may come back. A refused call uses up no start.
    pub async fn acquire_within(&self, patience: Duration) -> Result<(), Refused> {
        let _place = {
            let mut schedule = self.schedule();
            match self.start(&mut schedule) {
                Ok(()) => return Ok(()),
                Err(refused) if refused.retry_after > patience => return Err(refused),
                Err(_wait) => schedule.waiting += 1,
            }
            Place(self)
        };
        let _turn = self.turn.lock().await;
        while let Some(wait) = self.wait_of_the_first() {
            sleep(wait).await;
        }
        Ok(())
    }

    /// Starts now, or not at all. If other callers are already waiting, this caller is refused.
    ///
    /// # Errors
    ///
    /// [`Refused`], with the time after which the caller may come back. A refused call uses up no start.
    pub fn try_acquire(&self) -> Result<(), Refused> {
        self.start(&mut self.schedule())
    }

    fn start(&self, schedule: &mut Schedule) -> Result<(), Refused> {
        let wait = self.wait(schedule) + self.interval.saturating_mul(schedule.waiting);
        if wait > Duration::ZERO {
            return Err(Refused { retry_after: wait });
        }
        self.move_on(schedule);
        Ok(())
    }

    /// How long the first caller in line must still wait. `None` if it may start: then the start is counted.
    fn wait_of_the_first(&self) -> Option<Duration> {
        let mut schedule = self.schedule();
        let wait = self.wait(&schedule);
        if wait > Duration::ZERO {
            return Some(wait);
        }
        self.move_on(&mut schedule);
        None
    }

    fn wait(&self, schedule: &Schedule) -> Duration {
        schedule.next.saturating_duration_since(Instant::now()).saturating_sub(self.credit)
    }

    fn move_on(&self, schedule: &mut Schedule) {
        // A pause saves up the burst credit, and no more.
        schedule.next = schedule.next.max(Instant::now()) + self.interval;
    }

    fn schedule(&self) -> MutexGuard<'_, Schedule> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the line. The drop gives it up.
struct Place<'a>(&'a RateLimit);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.schedule().waiting -= 1;
    }
}

/// Too many callers came before. A server answers this with the status 429 and the header `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// How long to wait before the next try. By then, all callers that wait now will have started.
    pub retry_after: Duration,
}

impl Display for Refused {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "refused, come back in {} ms", self.retry_after.as_micros().div_ceil(1_000))
    }
}

impl Error for Refused {}
