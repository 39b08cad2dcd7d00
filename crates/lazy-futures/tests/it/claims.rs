//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod asyncio;
mod forgotten;
mod how_large;
mod life_cycle;
mod pinned;
mod recorded;
mod wakers;

use std::future::{pending, poll_fn};
use std::io::Write;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, mpsc as blocking};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use futures::FutureExt;
use futures::future::FusedFuture;
use lazy_futures::{Arrival, Slot, State, letterbox, naive, post, watch, yield_once};
use room::{World, everywhere, on_one_thread, on_the_paused_clock};
use timeline::{LaneExt, Outcome, Recording};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Counts how often it is woken.
#[derive(Default)]
struct Counts(AtomicUsize);

impl Wake for Counts {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

impl Counts {
    /// A waker, and what counts its wakes.
    fn new() -> (Waker, Arc<Self>) {
        let counts = Arc::new(Self::default());
        (Waker::from(Arc::clone(&counts)), counts)
    }

    fn wakes(&self) -> usize {
        self.0.load(SeqCst)
    }
}

/// What rustc says of a library that has an `async fn work()`.
fn rustc_says(code: &str) -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.args(["--edition", "2024", "--crate-type", "lib", "--crate-name", "claim", "--emit", "metadata=-", "-"]);
    command.env_remove("RUSTFLAGS").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut compiler = command.spawn().unwrap();
    let code = format!("{code}\npub async fn work() {{}}\n");
    compiler.stdin.take().unwrap().write_all(code.as_bytes()).unwrap();
    String::from_utf8(compiler.wait_with_output().unwrap().stderr).unwrap()
}
