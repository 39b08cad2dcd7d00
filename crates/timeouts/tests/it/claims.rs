//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod a_loop_with_a_timeout;
mod a_task_behind_a_handle;
mod a_timeout_of_zero;
mod at_the_same_instant;
mod code_that_does_not_yield;
mod several_timeouts;
mod twin;
mod what_becomes_of_the_future;

use std::future::{pending, ready};
use std::io;
use std::pin::pin;
use std::sync::mpsc as blocking;
use std::time::Duration;

use timeline::{Clock, LaneExt, Outcome, record};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinError, JoinHandle, spawn_blocking, yield_now};
use tokio::time::{Instant, advance, sleep, timeout, timeout_at};

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Says so when it is dropped.
struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        tracing::info!("put away");
    }
}
