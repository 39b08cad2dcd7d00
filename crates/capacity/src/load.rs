//! Little's law and Erlang's formula.

use std::time::Duration;

/// The load: how many requests come per second, and how long each one keeps a worker busy on average.
///
/// ```
/// # use std::time::Duration;
/// let load = capacity::Load::new(100, Duration::from_millis(40));
/// assert_eq!(load.busy(), 4.0);
/// assert_eq!(load.rule_of_thumb(), 5);
/// assert_eq!(load.enough(0.99, Duration::from_millis(40)), 7);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    per_second: u32,
    takes: Duration,
}

impl Load {
    /// Makes a load from the requests per second, and the time that one keeps a worker busy on average.
    #[must_use]
    pub const fn new(per_second: u32, takes: Duration) -> Self {
        Self { per_second, takes }
    }

    /// The mean time between two requests.
    #[must_use]
    pub fn gap(self) -> Duration {
        Duration::from_secs(1) / self.per_second.max(1)
    }

    /// How long a request keeps a worker busy on average.
    #[must_use]
    pub const fn takes(self) -> Duration {
        self.takes
    }

    /// How many workers are busy on average: Little's law.
    ///
    /// Source: [Little, A Proof for the Queuing Formula L = λW](https://doi.org/10.1287/opre.9.3.383), 1961.
    #[must_use]
    pub fn busy(self) -> f64 {
        f64::from(self.per_second) * self.takes.as_secs_f64()
    }

    /// A fifth more workers than are busy on average, rounded up: `ceil(rps * latency * 1.2)`.
    /// Each worker is busy for at most 83 % of the time.
    ///
    /// This number does not tell you how long a request waits. For that, call [`Load::wait`].
    #[must_use]
    pub fn rule_of_thumb(self) -> usize {
        // In whole nanoseconds, because as floats 100.0 * 0.07 is above 7.
        let busy = u128::from(self.per_second) * self.takes.as_nanos();
        usize::try_from((busy * 6).div_ceil(5 * Duration::from_secs(1).as_nanos())).unwrap_or(usize::MAX)
    }

    /// The share of the requests that find all workers busy: Erlang's formula C.
    ///
    /// It is correct if requests come independently of each other, their times are exponential, the queue is unbounded, and no caller gives up.
    /// It is 1 if the workers are too few for the load.
    ///
    /// Source: [Erlang C](https://en.wikipedia.org/wiki/Erlang_(unit)#Erlang_C_formula).
    #[must_use]
    pub fn part_that_waits(self, workers: usize) -> f64 {
        let (busy, workers_f) = (self.busy(), as_f64(workers));
        if busy >= workers_f {
            return 1.0;
        }
        // Erlang B, computed one worker at a time. Unlike the factorials, this does not overflow.
        let refused = (1..=workers).fold(1.0, |refused, worker| busy * refused / (as_f64(worker) + busy * refused));
        refused / (1.0 - busy / workers_f * (1.0 - refused))
    }

    /// The wait that this share of the requests does not exceed: 0.99 for the p99.
    /// It is `None` if the queue grows for ever, or if the share is 1.
    ///
    /// It is correct under the same conditions as [`Load::part_that_waits`].
    #[must_use]
    pub fn wait(self, workers: usize, share: f64) -> Option<Duration> {
        let idle = as_f64(workers) - self.busy();
        if idle <= 0.0 {
            return None;
        }
        let services = (self.part_that_waits(workers) / (1.0 - share)).ln() / idle;
        Duration::try_from_secs_f64(self.takes.as_secs_f64() * services.max(0.0)).ok()
    }

    /// The mean wait of all requests, including those that do not wait. `None` if the queue grows for ever.
    ///
    /// It is correct under the same conditions as [`Load::part_that_waits`].
    #[must_use]
    pub fn mean_wait(self, workers: usize) -> Option<Duration> {
        let idle = as_f64(workers) - self.busy();
        if idle <= 0.0 {
            return None;
        }
        Duration::try_from_secs_f64(self.takes.as_secs_f64() * self.part_that_waits(workers) / idle).ok()
    }

    /// The smallest number of workers with which this share of the requests waits no longer than `longest`.
    /// A share of 1 counts as the largest number below 1, because no number of workers is enough for all requests.
    ///
    /// It is correct under the same conditions as [`Load::part_that_waits`].
    #[must_use]
    pub fn enough(self, share: f64, longest: Duration) -> usize {
        // With each further worker, requests wait less.
        let share = share.min(1.0 - f64::EPSILON);
        let is_enough = |workers: &usize| self.wait(*workers, share).is_some_and(|wait| wait <= longest);
        (1..=usize::MAX).find(is_enough).unwrap_or(usize::MAX)
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 workers")]
fn as_f64(workers: usize) -> f64 {
    workers as f64
}
