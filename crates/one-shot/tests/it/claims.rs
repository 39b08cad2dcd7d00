//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod answering;
mod asyncio;
mod made_once;
mod newest;
mod twin;
mod waking;

use std::cell::Cell;
use std::future::{pending, ready};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{FutureExt, poll};
use one_shot::naive::{self, Promise};
use one_shot::{Asked, Gone, ask, next_wanted, wait_until};
use room::everywhere;
use timeline::LaneExt;
use tokio::sync::{Notify, OnceCell, SetOnce, mpsc, oneshot, watch};
use tokio::task::{JoinHandle, yield_now};
use tokio::time::sleep;

/// What the callers in these tests ask, and what they are told.
type Request = Asked<u32, u32>;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Polls a future once, drops it, and says whether it still waited.
async fn is_pending(future: impl Future) -> bool {
    let mut future = pin!(future);
    poll!(&mut future).is_pending()
}
