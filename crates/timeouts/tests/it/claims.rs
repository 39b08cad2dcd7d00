//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod a_loop_with_a_timeout;
mod a_task_behind_a_handle;
mod a_timeout_of_zero;
mod asyncio;
mod at_the_same_instant;
mod code_that_does_not_yield;
mod several_timeouts;
mod twin;
mod what_becomes_of_the_future;

use std::future::{pending, poll_fn, ready};
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, mpsc as blocking};
use std::task::Poll;
use std::time::Duration;

use room::{World, everywhere, on_one_thread, on_the_paused_clock, on_the_real_clock};
use timeline::{LaneExt, Outcome};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinError, JoinHandle, JoinSet, spawn_blocking, yield_now};
use tokio::time::{Instant, advance, sleep, sleep_until, timeout, timeout_at};

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Lets this much time pass. While a closure runs on the blocking pool, the paused clock stands still unless it is moved.
async fn pass(world: World, time: Duration) {
    if world.is_paused() {
        advance(time).await;
    } else {
        sleep(time).await;
    }
}

/// Spawns a future, and returns the handle and what is an error once the future has ended or was dropped, on whatever thread.
fn spawn_watched(
    future: impl Future<Output: Send + 'static> + Send + 'static,
) -> (JoinHandle<()>, oneshot::Receiver<()>) {
    let (ends, ended) = oneshot::channel();
    let watched = async move {
        future.await;
        drop(ends);
    };
    (tokio::spawn(watched), ended)
}

/// Says so when it is dropped.
struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        tracing::info!("put away");
    }
}
