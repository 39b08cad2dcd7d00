//! How many workers does a service need? A law, a formula, and a simulation on the virtual clock.
//!
//! What Python programs write as `Semaphore(ceil(rps * latency * 1.2))`.
//!
//! ```sh
//! cargo run -p capacity
//! ```
#![doc = include_str!("../README.md")]

use std::fmt;
use std::iter;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

mod load;
pub mod naive;

pub use load::Load;

/// So many workers, and a queue with so many places in front of them.
///
/// A worker is a permit, and not a task: the work runs in the task of its caller.
/// So a caller that gives up leaves the queue, or stops its work at the next await.
#[derive(Debug)]
pub struct Pool {
    workers: Semaphore,
    /// One for each worker and for each place in the queue.
    places: Semaphore,
    /// How many permits both had at the beginning.
    all: [usize; 2],
}

impl Pool {
    /// A pool in which nobody works yet. With `usize::MAX` places, the queue has no bound that matters.
    #[must_use]
    pub fn new(workers: usize, queue: usize) -> Self {
        let all = [workers, workers.saturating_add(queue)].map(|permits| permits.min(Semaphore::MAX_PERMITS));
        let [workers, places] = all.map(Semaphore::new);
        Self { workers, places, all }
    }

    /// How many workers are busy now.
    #[must_use]
    pub fn busy(&self) -> usize {
        self.all[0] - self.workers.available_permits()
    }

    /// How many callers wait now.
    #[must_use]
    pub fn waiting(&self) -> usize {
        let taken = self.all[1] - self.places.available_permits();
        // Other threads may come and go between the two numbers.
        taken.saturating_sub(self.busy())
    }

    /// Waits for a worker, in the order of the callers, and does the work.
    ///
    /// Cancel safe: as `work` is. A dropped call releases its worker and its place, and the next caller gets them. So does a panic of `work`.
    ///
    /// # Errors
    ///
    /// [`Refused`] at once, and without any work, if all workers are busy and all places in the queue are taken.
    ///
    /// Source: [Using Load Shedding to Avoid Overload](https://aws.amazon.com/builders-library/using-load-shedding-to-avoid-overload/).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// use capacity::{Pool, Refused};
    ///
    /// assert_eq!(Pool::new(2, 10).run(async { 7 }).await, Ok(7));
    /// assert_eq!(Pool::new(0, 0).run(async { 7 }).await, Err(Refused));
    /// # }
    /// ```
    pub async fn run<F: Future>(&self, work: F) -> Result<F::Output, Refused> {
        let _place = self.places.try_acquire().map_err(|_full| Refused)?;
        // Nobody closes the semaphore.
        let _worker = self.workers.acquire().await.map_err(|_closed| Refused)?;
        Ok(work.await)
    }
}

/// All workers are busy, and the queue is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused: the queue is full")
    }
}

impl std::error::Error for Refused {}

/// One request of a simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// When it comes, since the start of the simulation.
    pub at: Duration,
    /// How long a worker is busy with it.
    pub takes: Duration,
}

/// Endless requests: both their gaps and the time that they take are random, with these means.
///
/// `random` returns numbers above 0, and up to 1. For any other distribution of the time, change `takes`:
///
/// ```
/// # use std::time::Duration;
/// use capacity::{Request, requests};
///
/// let [gap, takes] = [10, 40].map(Duration::from_millis);
/// let fixed = requests(gap, takes, || 0.5).map(|request| Request { takes, ..request });
/// assert!(fixed.take(100).all(|request| request.takes == takes));
/// ```
pub fn requests(gap: Duration, takes: Duration, mut random: impl FnMut() -> f64) -> impl Iterator<Item = Request> {
    let mut at = Duration::ZERO;
    iter::repeat_with(move || {
        at += exponential(gap, random());
        Request { at, takes: exponential(takes, random()) }
    })
}

/// A random time of the exponential distribution; `random` is above 0, and at most 1.
fn exponential(mean: Duration, random: f64) -> Duration {
    mean.mul_f64(-random.clamp(f64::MIN_POSITIVE, 1.0).ln())
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A worker did it after this wait, in time.
    Answered {
        /// From the moment when it was to come, until a worker began.
        waited: Duration,
    },
    /// The queue was full.
    Refused,
    /// There was no answer in time.
    GaveUp,
}

impl Fate {
    /// How long it waited, if it was answered.
    #[must_use]
    pub fn waited(self) -> Option<Duration> {
        match self {
            Self::Answered { waited } => Some(waited),
            Self::Refused | Self::GaveUp => None,
        }
    }
}

/// Sends these requests to a pool, each at its own time, and says how each one ended, in the order of the requests.
///
/// Each request waits for its answer for as long as `patience`.
/// It comes at an absolute time, and its wait is measured from there: a slow pool or a late timer does not delay the requests after it.
///
/// On Tokio's paused clock, hours of requests are simulated in moments. Tokio's timers count whole milliseconds, and are never early:
/// let your requests take many milliseconds, and round their times yourself.
///
/// Cancel safe: no. The requests that are under way are dropped with it.
///
/// # Panics
///
/// Outside a Tokio runtime with a timer.
///
/// ```
/// # use std::{sync::Arc, time::Duration};
/// use capacity::{Fate, Pool, Request, simulate};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let seconds = Duration::from_secs;
/// let requests = [0, 1, 2].map(|at| Request { at: seconds(at), takes: seconds(10) });
/// let fates = simulate(&Arc::new(Pool::new(1, 1)), requests, Duration::MAX).await;
/// let answered = [0, 9].map(|waited| Fate::Answered { waited: seconds(waited) });
/// assert_eq!(fates, [answered[0], answered[1], Fate::Refused]);
/// # }
/// ```
pub async fn simulate(pool: &Arc<Pool>, requests: impl IntoIterator<Item = Request>, patience: Duration) -> Vec<Fate> {
    let start = Instant::now();
    let (mut tasks, mut fates) = (JoinSet::new(), Vec::new());
    for Request { at, takes } in requests {
        let (pool, came, number) = (Arc::clone(pool), start + at, fates.len());
        fates.push(Fate::GaveUp);
        sleep_until(came).await;
        tasks.spawn(async move {
            let work = async {
                let waited = came.elapsed();
                sleep(takes).await;
                waited
            };
            let ended = timeout(patience.saturating_sub(came.elapsed()), pool.run(work)).await;
            (
                number,
                ended.map_or(Fate::GaveUp, |ended| ended.map_or(Fate::Refused, |waited| Fate::Answered { waited })),
            )
        });
        // A set keeps what its tasks return until somebody asks.
        while let Some(ended) = tasks.try_join_next() {
            note(&mut fates, ended);
        }
    }
    while let Some(ended) = tasks.join_next().await {
        note(&mut fates, ended);
    }
    fates
}

fn note(fates: &mut [Fate], ended: Result<(usize, Fate), tokio::task::JoinError>) {
    match ended {
        Ok((number, fate)) => fates[number] = fate,
        // Nobody aborts a task of the set, so it panicked.
        Err(error) => {
            if let Ok(panic) = error.try_into_panic() {
                resume_unwind(panic);
            }
        }
    }
}

/// The smallest of these times that this share of them does not exceed; 0.99 for the p99. It is zero if there are none.
///
/// ```
/// # use std::time::Duration;
/// let times = [3, 1, 2, 4].map(Duration::from_millis);
/// assert_eq!(capacity::percentile(times, 0.5), Duration::from_millis(2));
/// assert_eq!(capacity::percentile(times, 0.99), Duration::from_millis(4));
/// ```
#[must_use]
pub fn percentile(times: impl IntoIterator<Item = Duration>, share: f64) -> Duration {
    let mut times: Vec<_> = times.into_iter().collect();
    times.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a list"
    )]
    // As a float, 100 * 0.07 is a little above 7, and is not to mean the eighth.
    let place = (times.len() as f64 * share - 1e-6).ceil() as usize;
    times.get(place.clamp(1, times.len().max(1)) - 1).copied().unwrap_or_default()
}
