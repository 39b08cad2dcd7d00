//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod asyncio;
mod by_task_id;
mod recorded;
mod scopes;
mod spans;
mod spawning;
mod threads;

use std::cell::Cell;
use std::future::{pending, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::{Arc, Once, mpsc as blocking};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use futures::FutureExt;
use room::{everywhere, on_one_thread, run_asyncio};
use task_locals::{current_id, naive, spawn, with_id, with_id_sync};
use tokio::sync::{Barrier, oneshot};
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::timeout;
use tracing::{Instrument, Span, info_span};

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Sends the id that it reads when it is dropped.
struct Tells(blocking::Sender<Option<u64>>);

impl Drop for Tells {
    fn drop(&mut self) {
        let _ = self.0.send(current_id());
    }
}

/// What makes `Tells`, and what hears of its drop.
fn tells() -> (Tells, blocking::Receiver<Option<u64>>) {
    let (sender, receiver) = blocking::channel();
    (Tells(sender), receiver)
}

/// Polls a future once, on a thread that ends afterwards.
fn poll_on_a_new_thread<F>(future: &mut F) -> Poll<F::Output>
where
    F: Future<Output: Send> + Send + Unpin,
{
    let poll = || Pin::new(future).poll(&mut Context::from_waker(Waker::noop()));
    thread::scope(|scope| scope.spawn(poll).join().unwrap())
}
