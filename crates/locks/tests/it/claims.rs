//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod a_guard_across_an_await;
mod a_place_in_the_queue;
mod a_std_guard;
mod asyncio;
mod dash_map;
mod from_synchronous_code;
mod one_lock_for_everything;
mod recorded;
mod two_locks;

use std::future::pending;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc as blocking};
use std::thread;
use std::time::Duration;

use futures::FutureExt;
use locks::{Figures, Shared, change_to_the_end, lock_both, naive};
use room::{World, everywhere};
use tokio::sync::{Mutex, OwnedMutexGuard, RwLock, oneshot, watch};
use tokio::task::{LocalSet, spawn_blocking, yield_now};
use tokio::time::timeout;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Whether a future is still pending after one poll. Drops it.
fn is_pending<T>(future: impl Future<Output = T>) -> bool {
    future.now_or_never().is_none()
}
