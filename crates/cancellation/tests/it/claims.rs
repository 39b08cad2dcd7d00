//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod abort;
mod cancel_safety;
mod closures_on_the_blocking_pool;
mod dropping;
mod owners;
mod shielding;
mod tokens;
mod twin;

use std::future::{pending, ready};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc as blocking;
use std::sync::{Arc, OnceLock};
#[cfg(unix)]
use std::time::Duration;

use cancellation::{Ended, Workers, naive, until_cancelled};
use futures::FutureExt;
use futures::future::BoxFuture;
#[cfg(unix)]
use room::on_the_real_clock;
use room::{World, everywhere, on_one_thread, with_several_workers};
use timeline::{LaneExt, Outcome, Recording, lane_blocking};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, JoinError, JoinSet, spawn_blocking, yield_now};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use crate::ms;

/// Longer than any machine takes for what has to happen within it.
const LONG: Duration = Duration::from_mins(10);

/// Says so when it is dropped.
struct Guard(&'static str);

impl Drop for Guard {
    fn drop(&mut self) {
        tracing::info!("{}", self.0);
    }
}

/// Releases what waits for it, when the runtime that has its task shuts down.
struct AtTheEnd(blocking::Sender<()>);

impl AtTheEnd {
    async fn wait(self) {
        pending::<()>().await;
    }
}

impl Drop for AtTheEnd {
    fn drop(&mut self) {
        // Nobody may be left to hear it.
        let _ = self.0.send(());
    }
}

/// What a lane has said.
fn said<'a>(recording: &'a Recording, lane: &str) -> Vec<&'a str> {
    notes(recording, lane).into_iter().map(|(_at, text)| text).collect()
}

/// The notes of a lane: when, in milliseconds, and what.
fn notes<'a>(recording: &'a Recording, lane: &str) -> Vec<(u64, &'a str)> {
    let lanes = recording.lanes.iter().filter(|other| other.name == lane);
    lanes.flat_map(|lane| &lane.notes).map(|note| (note.at / 1_000, note.text.as_str())).collect()
}
