//! Shows what a program is doing: the runtime's lag, the number of tasks, slow polls, and which task waits for what.
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
    /// How late the checks of this period were.
    pub lag: Looks,
    /// How many spawned tasks are alive.
    pub alive: usize,
    /// How many tasks wait in the queue that all workers share. The workers' local queues do not count.
    pub queue: usize,
    /// The fraction of the time in which workers were busy. It is 1.0 if all of them were busy all the time.
    pub busy: f64,
    /// How often a worker had nothing to do and parked.
    pub parks: u64,
    /// About how much memory of this process is in RAM, in bytes. Only Linux provides this.
    pub memory: Option<u64>,
}

/// Watches this runtime: checks it every `look`, and calls `tell` with a [`Report`] every `period`. It never ends: drop it, or abort its task.
///
/// It reads only Tokio's stable metrics. `tell` runs on the runtime, so it must not block.
///
/// # Panics
///
/// If a duration is zero, or outside of a runtime with a timer.
///
/// # Cancel safety
///
/// Cancel safe: yes, but the figures of the current period are lost.
///
/// Source: [`RuntimeMetrics`].
pub async fn watch(look: Duration, period: Duration, tell: impl FnMut(Report)) -> Infallible {
    let lag = Lag::default();
    tokio::select! {
        biased; // if a check and a report are due at the same instant, this report includes the check
        never = watch_lag(look, &lag) => never,
        never = report(period, &lag, tell) => never,
    }
}

/// Calls `tell` with a [`Report`] every `period`. The lag comes from a [`watch_lag`] that you run yourself. It never ends.
///
/// # Panics
///
/// If `period` is zero, or outside of a runtime with a timer.
///
/// # Cancel safety
///
/// Cancel safe: yes, but the figures of the current period are lost.
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

/// The workers' figures since the runtime started.
struct Totals {
    /// In real time, also while Tokio's clock is paused, because Tokio measures its workers in real time.
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
        // A worker reports only when it parks, so a period may include busy time of the period before.
        self.busy.saturating_sub(before.busy).div_duration_f64(possible).clamp(0.0, 1.0)
    }
}

/// About how much memory of this process is in RAM, in bytes. It is `None` if the system has no `/proc`. The kernel calls this figure inaccurate.
///
/// Source: `VmRSS` in [proc_pid_status(5)](https://man7.org/linux/man-pages/man5/proc_pid_status.5.html).
#[must_use]
pub fn memory() -> Option<u64> {
    // The kernel generates this file on each read, so no disk access blocks the caller.
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(1_024 * kilobytes)
}

/// Awaits a future. Whenever a poll takes longer than `limit`, it calls the closure with the duration of that poll.
///
/// During a poll, no other task can use this thread. asyncio's debug mode reports slow callbacks in the same way.
/// It is cheap enough to stay on: it reads Tokio's clock twice for each poll.
/// It sees a slow poll only when the poll ends. While the clock is paused, real work takes no time.
///
/// # Cancel safety
///
/// If the future is.
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
