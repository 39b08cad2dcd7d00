//! What is my program doing? The loop's lag, tasks that pile up, polls that take too long, and who waits for what.
//!
//! ```sh
//! cargo run -p observability
//! ```
#![doc = include_str!("../README.md")]

mod lag;
pub mod naive;
mod waits;

use std::convert::Infallible;
use std::fs;
use std::future::poll_fn;
use std::pin::pin;
use std::time::{Duration, Instant};

use tokio::runtime::{Handle, RuntimeMetrics};
use tokio::time::{MissedTickBehavior, interval_at};

pub use lag::{Lag, Looks, watch_lag};
pub use waits::{Wait, Waits};

/// The figures of one period.
#[derive(Clone, Debug)]
pub struct Report {
    /// How late the looks of this period were.
    pub lag: Looks,
    /// How many spawned tasks are alive.
    pub alive: usize,
    /// How many tasks wait in the queue that the workers share. The workers' own queues do not count.
    pub queue: usize,
    /// The part of the time in which workers were busy: 1.0 if all of them were all the time.
    pub busy: f64,
    /// How often workers had nothing to do and went to sleep.
    pub parks: u64,
    /// About how much memory of this process is in RAM, in bytes. Only Linux tells.
    pub memory: Option<u64>,
}

/// Watches this runtime: looks every `look`, and hands over a [`Report`] every `period`. It never ends: drop it, or abort its task.
///
/// It reads Tokio's stable metrics only. `tell` runs on the runtime, so it must not block.
///
/// # Panics
///
/// If a duration is zero, or outside of a runtime with a timer.
///
/// # Cancel safety
///
/// Cancel safe: the figures of the period that has begun are lost.
///
/// Source: [`RuntimeMetrics`].
pub async fn watch(look: Duration, period: Duration, tell: impl FnMut(Report)) -> Infallible {
    let lag = Lag::default();
    tokio::select! {
        biased; // a look and a report of one instant: the look counts for this report
        never = watch_lag(look, &lag) => never,
        never = report(period, &lag, tell) => never,
    }
}

/// Hands over a [`Report`] every `period`, with the lag that somebody else records. It never ends.
///
/// # Panics
///
/// If `period` is zero, or outside of a runtime with a timer.
///
/// # Cancel safety
///
/// Cancel safe: the figures of the period that has begun are lost.
pub async fn report(period: Duration, lag: &Lag, mut tell: impl FnMut(Report)) -> Infallible {
    let metrics = Handle::current().metrics();
    let mut before = Totals::read(&metrics);
    let mut periods = interval_at(tokio::time::Instant::now() + period, period);
    periods.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        periods.tick().await;
        let now = Totals::read(&metrics);
        tell(Report {
            lag: lag.take(),
            alive: metrics.num_alive_tasks(),
            queue: metrics.global_queue_depth(),
            busy: now.busy_since(&before, metrics.num_workers()),
            parks: now.parks - before.parks,
            memory: memory(),
        });
        before = now;
    }
}

/// What the workers have done since the runtime began.
struct Totals {
    /// In real time, as the workers are measured: also while Tokio's clock is paused.
    at: Instant,
    busy: Duration,
    parks: u64,
}

impl Totals {
    fn read(metrics: &RuntimeMetrics) -> Self {
        let workers = 0..metrics.num_workers();
        Self {
            at: Instant::now(),
            busy: workers.clone().map(|worker| metrics.worker_total_busy_duration(worker)).sum(),
            parks: workers.map(|worker| metrics.worker_park_count(worker)).sum(),
        }
    }

    fn busy_since(&self, before: &Self, workers: usize) -> f64 {
        let workers = u32::try_from(workers).unwrap_or(u32::MAX);
        let possible = (self.at - before.at).saturating_mul(workers);
        // A worker reports when it goes to sleep, so a period may get what belongs to the one before.
        self.busy.saturating_sub(before.busy).div_duration_f64(possible).clamp(0.0, 1.0)
    }
}

/// About how much memory of this process is in RAM, in bytes; `None` where the system has no `/proc`. The kernel calls its figure inaccurate.
///
/// Source: `VmRSS` in [proc_pid_status(5)](https://man7.org/linux/man-pages/man5/proc_pid_status.5.html).
#[must_use]
pub fn memory() -> Option<u64> {
    // The kernel makes this file up while it is read: no disk blocks the caller.
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(1_024 * kilobytes)
}

/// Awaits a future, and tells how long a poll of it took, whenever that is longer than `limit`.
///
/// While a poll lasts, no other task gets this thread. It is what asyncio's debug mode tells of slow callbacks, and is cheap enough to stay on:
/// two looks at Tokio's clock for each poll. It sees a slow poll when the poll ends. While the clock is paused, real work takes no time.
///
/// # Cancel safety
///
/// As the future.
///
/// Source: [`loop.slow_callback_duration`](https://docs.python.org/3/library/asyncio-eventloop.html#asyncio.loop.slow_callback_duration).
///
/// ```
/// use std::time::Duration;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let export = async { std::thread::sleep(Duration::from_millis(60)) };
/// let mut slow = Vec::new();
/// observability::slow_polls(export, Duration::from_millis(50), |took| slow.push(took)).await;
/// assert_eq!(slow.len(), 1);
/// # });
/// ```
pub async fn slow_polls<F: Future>(future: F, limit: Duration, mut tell: impl FnMut(Duration)) -> F::Output {
    let mut future = pin!(future);
    poll_fn(move |context| {
        let begun = tokio::time::Instant::now();
        let polled = future.as_mut().poll(context);
        let took = begun.elapsed();
        if took > limit {
            tell(took);
        }
        polled
    })
    .await
}
