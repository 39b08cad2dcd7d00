//! Every claim of the chapter, proven.

mod blocked_threads;
mod computing;
mod on_threads;
mod one_by_one_or_together;
mod recorded;
mod what_polls_a_future;

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, mpsc as blocking};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use futures::FutureExt;
use room::{World, everywhere, on_one_thread, on_the_real_clock, with_several_workers};
use sync_vs_async::{
    ask, ask_blocking, await_one_by_one, await_together, call_on_threads, call_one_by_one, count_primes, naive,
};
use timeline::{Lane, LaneExt, Recording, lane_blocking};
use tokio::sync::oneshot;
use tokio::task::yield_now;
use tokio::time::sleep;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Three services, and how long each takes: 120 ms in all, 50 ms at most.
const SERVICES: [(&str, Duration); 3] = [
    ("users", Duration::from_millis(30)),
    ("orders", Duration::from_millis(50)),
    ("prices", Duration::from_millis(40)),
];

/// The same three services, each asked in a lane of its own.
fn requests() -> [impl Future<Output = String>; 3] {
    SERVICES.map(|(service, takes)| ask(service, takes).lane(service))
}

/// What happened, in order, whichever thread it happened on. A clone writes into the same log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn say(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    fn entries(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// How many are inside at once, and how many were at most.
#[derive(Default)]
struct Gauge {
    inside: AtomicUsize,
    most: AtomicUsize,
}

impl Gauge {
    fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(inside, Ordering::SeqCst);
        let result = work();
        self.inside.fetch_sub(1, Ordering::SeqCst);
        result
    }

    fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

/// A barrier that gives up: for a number of threads that have to be there at the same time.
struct Meeting {
    awaited: Mutex<usize>,
    all_here: Condvar,
}

impl Meeting {
    fn of(awaited: usize) -> Self {
        Self { awaited: Mutex::new(awaited), all_here: Condvar::new() }
    }

    /// Waits until all are here, and says whether they came. How long it waits proves nothing.
    fn wait(&self) -> bool {
        let mut awaited = self.awaited.lock().unwrap();
        *awaited -= 1;
        self.all_here.notify_all();
        let limit = Duration::from_secs(30);
        !self.all_here.wait_timeout_while(awaited, limit, |awaited| *awaited > 0).unwrap().1.timed_out()
    }
}

/// How many of all lanes ran at once at most.
fn peak(recording: &Recording) -> usize {
    recording.peak_where(|_| true)
}
