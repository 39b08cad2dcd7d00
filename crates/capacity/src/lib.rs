//! How many workers does a service need? A law, a formula, and a simulation on the virtual clock.
//!
//! Python programs write `Semaphore(ceil(rps * latency * 1.2))` for this.
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

/// A fixed number of workers, and a queue with a fixed number of places in front of them.
///
/// A worker is a permit, not a task. The work runs in the caller's task.
/// So a caller that gives up leaves the queue, or stops its work at the next await.
#[derive(Debug)]
pub struct Pool {
    workers: Semaphore,
    /// One permit for each worker and for each place in the queue.
    places: Semaphore,
    /// How many permits the two semaphores had at the beginning.
    all: [usize; 2],
}

impl Pool {
    /// A pool without work. With `usize::MAX` places, the queue is practically unbounded.
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
        // Other threads may change the pool between the two reads.
        taken.saturating_sub(self.busy())
    }

    /// Waits for a worker, first come, first served, and does the work.
    ///
    /// Cancel safe: if `work` is. If you drop the call, or if `work` panics, its worker and its place go to the next caller.
    ///
    /// # Errors
    ///
    /// [`Refused`], if all workers are busy and all places in the queue are taken. It comes at once, and no work is done.
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
        // Nothing closes the semaphore.
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
    /// When the request comes, counted from the start of the simulation.
    pub at: Duration,
    /// How long a worker is busy with the request.
    pub takes: Duration,
}

/// An endless sequence of requests. The gaps between them and the time that each one takes are random, with these means.
///
/// `random` returns numbers above 0 and up to 1. For another distribution of the time, change `takes`:
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

/// A random time from the exponential distribution. `random` is above 0 and at most 1.
fn exponential(mean: Duration, random: f64) -> Duration {
    mean.mul_f64(-random.clamp(f64::MIN_POSITIVE, 1.0).ln())
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A worker did it in time, after this wait.
    Answered {
        /// From the moment when the request was due, until a worker began.
        waited: Duration,
    },
    /// The queue was full.
    Refused,
    /// No answer came in time.
    GaveUp,
}

impl Fate {
    /// How long the request waited, if it was answered.
    #[must_use]
    pub fn waited(self) -> Option<Duration> {
        match self {
            Self::Answered { waited } => Some(waited),
            Self::Refused | Self::GaveUp => None,
        }
    }
}

/// Sends each request to a pool at its time. Returns how each one ended, in the order of the requests.
///
/// Each request waits for its answer for at most `patience`.
/// A request comes at an absolute time, and its wait is measured from that time.
/// So a slow pool or a late timer does not delay the requests after it.
///
/// On Tokio's paused clock, hours of requests take only moments. Tokio's timers count whole milliseconds, and are never early:
/// let your requests take many milliseconds, and round their times yourself.
///
/// Cancel safe: no. If you drop the call, the running requests are dropped too.
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
        // A set keeps the outputs of its tasks until you ask for them.
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
        // Nothing aborts a task of the set, so it panicked.
        Err(error) => {
            if let Ok(panic) = error.try_into_panic() {
                resume_unwind(panic);
            }
        }
    }
}

/// The percentile of these times: the smallest time that this share of them does not exceed.
/// A share of 0.99 is the p99. The result is zero if there are no times.
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
    // As a float, 100 * 0.07 is a little above 7. It must not select the eighth time.
    let place = (times.len() as f64 * share - 1e-6).ceil() as usize;
    times.get(place.clamp(1, times.len().max(1)) - 1).copied().unwrap_or_default()
}
