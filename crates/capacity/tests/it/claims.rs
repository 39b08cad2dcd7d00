//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]
#![allow(clippy::cast_precision_loss, reason = "the numbers of a test are small")]

mod asyncio;
mod law;
mod measuring;
mod overload;
mod pool;
mod simulation;
mod twin;

use std::sync::Arc;
use std::time::Duration;

use capacity::{Fate, Load, Pool, Refused, Request, naive, percentile, requests, simulate};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use room::{World, everywhere};
use tokio::time::{Instant, sleep, timeout};

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A random source that is the same for the same seed.
fn seeded(seed: u64) -> impl FnMut() -> f64 {
    let mut rng = SmallRng::seed_from_u64(seed);
    // From 0 and below 1, turned round.
    move || 1.0 - rng.random::<f64>()
}

/// One request in ten seconds keeps one worker busy, so this load keeps so many busy; with ten seconds, a millisecond does not matter.
fn keeps_busy(workers: f64, seed: u64) -> impl Iterator<Item = Request> {
    requests(TAKES.div_f64(workers), TAKES, seeded(seed))
}

const TAKES: Duration = seconds(10);

/// Runs a simulation on the paused clock. Unlike in `World::run`, it may last for more than an hour of virtual time.
fn for_hours<F: Future>(future: F) -> F::Output {
    World::Paused.builder().build().unwrap().block_on(future)
}

/// The nearest whole millisecond.
fn rounded(time: Duration) -> Duration {
    ms(u64::try_from((time + Duration::from_micros(500)).as_millis()).unwrap())
}
