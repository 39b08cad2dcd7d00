//! Retries a call after an error: which errors to retry, how long to wait before the next attempt, and when to stop.
//!
//! Python programs use tenacity for this, or a loop with `asyncio.sleep`.
//!
//! ```sh
//! cargo run -p retry
//! ```
#![doc = include_str!("../README.md")]

use std::error::Error;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

mod budget;
pub mod naive;

pub use budget::Budget;

/// The settings of [`retry`]: how many attempts, how long the pauses are, and how long in all.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The maximum number of attempts, including the first one.
    pub attempts: NonZeroU32,
    /// The longest pause after the first attempt. It doubles after each further attempt.
    pub first_pause: Duration,
    /// No pause is longer than this, unless the service asks for more: [`Advice::TryAgainAfter`].
    pub longest_pause: Duration,
    /// The time limit for all attempts and pauses together.
    pub deadline: Duration,
    /// The budget that all calls of the same service share, so that retries do not multiply the load in an outage.
    pub budget: Option<Arc<Budget>>,
}

impl Policy {
    /// The longest pause after this many attempts, counted from 1.
    ///
    /// ```
    /// # use std::{num::NonZeroU32, time::Duration};
    /// let [first_pause, longest_pause, deadline] = [100, 1_000, 60_000].map(Duration::from_millis);
    /// let policy = retry::Policy { attempts: NonZeroU32::MAX, first_pause, longest_pause, deadline, budget: None };
    /// let pauses = [1, 2, 4, 5, u32::MAX].map(|attempts| policy.pause_after(attempts).as_millis());
    /// assert_eq!(pauses, [100, 200, 800, 1_000, 1_000]);
    /// ```
    #[must_use]
    pub fn pause_after(&self, attempts: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempts.saturating_sub(1));
        self.first_pause.saturating_mul(doubled).min(self.longest_pause)
    }
}

/// What to do after an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Another attempt would fail too: the request is wrong, or not allowed.
    GiveUp,
    /// The service may answer in a moment.
    TryAgain,
    /// The service said when to come back, as in the header `Retry-After` of HTTP.
    TryAgainAfter(Duration),
}

/// Calls `attempt` until it succeeds, or until it must give up.
///
/// After an error, `advise` decides whether another attempt makes sense.
/// If so, `retry` pauses for `jitter(most)`, where `most` is [`Policy::pause_after`] the attempts so far. Pass [`full_jitter`] as `jitter`.
/// If the service asked for a time, the pause is that time plus the jitter. So its clients do not all come back at the same instant.
///
/// The attempts do not overlap, and there is no pause after the last one. An attempt that still runs at the deadline is dropped.
/// If the pause would last until the deadline, `retry` gives up at once.
///
/// The bounds are `FnMut() -> F`, so that you can spawn a call whose closures borrow their captured variables.
///
/// Cancel safe: if `attempt` is. A dropped call makes no further attempt. At the deadline, `retry` itself drops a running attempt.
///
/// # Errors
///
/// [`GaveUp`] has the reason, the number of attempts, and the last error.
///
/// # Panics
///
/// Outside a Tokio runtime with a timer.
///
/// Source: [Exponential Backoff And Jitter](https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
///
/// ```
/// # use std::{num::NonZeroU32, time::Duration};
/// use retry::{Advice, Policy, full_jitter, retry};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// # let attempts = NonZeroU32::new(4).unwrap();
/// # let [first_pause, longest_pause, deadline] = [100, 1_000, 5_000].map(Duration::from_millis);
/// let policy = Policy { attempts, first_pause, longest_pause, deadline, budget: None };
/// let mut answers = [Err("busy"), Err("busy"), Ok(7)].into_iter();
/// let answer = retry(
///     &policy,
///     full_jitter,
///     |error| if *error == "busy" { Advice::TryAgain } else { Advice::GiveUp },
///     || std::future::ready(answers.next().unwrap()),
/// );
/// assert_eq!(answer.await, Ok(7));
/// # }
/// ```
pub async fn retry<T, E, F>(
    policy: &Policy,
    mut jitter: impl FnMut(Duration) -> Duration,
    mut advise: impl FnMut(&E) -> Advice,
    mut attempt: impl FnMut() -> F,
) -> Result<T, GaveUp<E>>
where
    F: Future<Output = Result<T, E>>,
{
    let started = Instant::now();
    let rest = || policy.deadline.saturating_sub(started.elapsed());
    let budget = policy.budget.as_deref();
    budget.inspect(|budget| budget.earn());
    let (mut attempts, mut last) = (0, None);
    loop {
        attempts += 1;
        let error = match timeout(rest(), attempt()).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => error,
            Err(_elapsed) => return Err(GaveUp { why: Why::Deadline, attempts, last }),
        };
        let asked = match advise(&error) {
            Advice::GiveUp => return Err(GaveUp { why: Why::Permanent, attempts, last: Some(error) }),
            Advice::TryAgain => Duration::ZERO,
            Advice::TryAgainAfter(asked) => asked,
        };
        let gave_up = |why, error| Err(GaveUp { why, attempts, last: Some(error) });
        if attempts == policy.attempts.get() {
            return gave_up(Why::Attempts, error);
        }
        let pause = asked.saturating_add(jitter(policy.pause_after(attempts)));
        if pause >= rest() {
            return gave_up(Why::Deadline, error);
        }
        // The budget comes last, so that a call that gives up for another reason costs nothing.
        if budget.is_some_and(|budget| !budget.spend()) {
            return gave_up(Why::Budget, error);
        }
        sleep(pause).await;
        // A sleep ends a little late, and later on a busy machine.
        if rest().is_zero() {
            return gave_up(Why::Deadline, error);
        }
        last = Some(error);
    }
}

/// A random pause between zero and `most`, uniformly distributed. It spreads clients that failed at the same instant.
///
/// It gets the thread's random generator anew each time, so that you can spawn a [`retry`] that uses it.
///
/// ```
/// # use std::time::Duration;
/// let most = Duration::from_millis(100);
/// assert!((0..1_000).all(|_| retry::full_jitter(most) <= most));
/// ```
#[must_use]
pub fn full_jitter(most: Duration) -> Duration {
    rand::random_range(Duration::ZERO..=most)
}

/// How [`retry`] ended without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GaveUp<E> {
    /// Why there was no further attempt.
    pub why: Why,
    /// How many attempts were made, including an attempt that the deadline cut short.
    pub attempts: u32,
    /// The last error that an attempt returned. It is `None` if the deadline came before any error.
    pub last: Option<E>,
}

/// Why [`retry`] made no further attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// `advise` said [`Advice::GiveUp`].
    Permanent,
    /// All attempts were made.
    Attempts,
    /// The time was over, or the next pause would have lasted until the deadline.
    Deadline,
    /// The shared budget is empty: too many calls of this service have made further attempts recently.
    Budget,
}

impl<E> fmt::Display for GaveUp<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.why {
            Why::Permanent => "the error is permanent",
            Why::Attempts => "it was the last one",
            Why::Deadline => "no time is left",
            Why::Budget => "the budget is spent",
        };
        write!(f, "gave up after attempt {}: {why}", self.attempts)
    }
}

impl<E: Error + 'static> Error for GaveUp<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.last.as_ref().map(|error| error as _)
    }
}
