//! Every claim of the chapter, proven.

mod blocked_threads;
mod computing;
mod cost;
#[cfg(unix)]
mod ctrl_c;
mod how_large_a_future_is;
mod on_threads;
mod one_by_one_or_together;
mod recorded;
mod the_lifo_slot;
mod what_polls_a_future;

use std::future::{pending, poll_fn, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::RecvError;
use std::sync::{Arc, Condvar, Mutex, mpsc as blocking};
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use futures::FutureExt;
use room::{World, everywhere, on_one_thread, on_the_real_clock, with_several_workers};
use sync_vs_async::{
    ask, ask_blocking, await_one_by_one, await_together, call_on_threads, call_one_by_one, count_primes, naive,
};
use timeline::{Lane, LaneExt, Recording, lane_blocking};
use tokio::sync::{Barrier, oneshot};
use tokio::task::yield_now;
use tokio::time::sleep;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// How many workers this world has.
fn workers(world: World) -> usize {
    let World::Workers(workers) = world else { panic!("{world} there are none") };
    workers
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
    missing: Mutex<usize>,
    all_here: Condvar,
    until: Instant,
}

impl Meeting {
    fn of(missing: usize) -> Self {
        let until = Instant::now() + Duration::from_secs(30);
        Self { missing: Mutex::new(missing), all_here: Condvar::new(), until }
    }

    /// Waits until all are here, and says whether they came. How long it waits proves nothing.
    fn wait(&self) -> bool {
        let mut missing = self.missing.lock().unwrap();
        *missing -= 1;
        self.all_here.notify_all();
        let limit = self.until.saturating_duration_since(Instant::now());
        !self.all_here.wait_timeout_while(missing, limit, |missing| *missing > 0).unwrap().1.timed_out()
    }
}

/// How many of all lanes ran at once at most.
fn peak(recording: &Recording) -> usize {
    recording.peak_where(|_| true)
}
