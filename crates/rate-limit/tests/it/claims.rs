//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod adaptive;
mod asyncio;
mod bursts;
mod governors;
mod intervals;
mod line;
mod pace;
mod towers;
mod twin;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use exam::cancel_at_every_await;
use futures::FutureExt;
use futures::future::join_all;
use rate_limit::{AdaptiveLimit, RateLimit, Refused, naive};
use room::{everywhere, on_the_paused_clock};
use timeline::LaneExt;
use tokio::sync::{Notify, Semaphore};
use tokio::task::coop::{consume_budget, has_budget_remaining, unconstrained};
use tokio::task::{JoinSet, yield_now};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until, timeout};

const SECOND: Duration = Duration::from_secs(1);

/// Longer than any test.
const HOUR: Duration = Duration::from_hours(1);

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// When things happened, in milliseconds since the first of them was asked for.
#[derive(Clone)]
struct Starts(Instant, Arc<Mutex<Vec<u64>>>);

impl Starts {
    fn new() -> Self {
        Self(Instant::now(), Arc::default())
    }

    fn now(&self) {
        self.1.lock().unwrap().push(u64::try_from(self.0.elapsed().as_millis()).unwrap());
    }

    fn all(&self) -> Vec<u64> {
        self.1.lock().unwrap().clone()
    }

    /// The most of them in any span of so many milliseconds.
    fn most_in(&self, span: u64) -> usize {
        let starts = self.all();
        starts
            .iter()
            .map(|first| starts.iter().filter(|start| (*first..first + span).contains(start)).count())
            .max()
            .unwrap_or(0)
    }
}

/// A few numbers that look random, and are always the same.
fn scattered(seed: u64) -> impl Iterator<Item = u64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    })
}
