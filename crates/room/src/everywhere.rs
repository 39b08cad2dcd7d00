//! Proves a claim in every place where a reader may run it.
//!
//! Most readers write `#[tokio::main]`: several workers on the real clock.
//! A claim that holds only on one thread, or only on the paused clock, misleads them.
//! So [`everywhere`] proves a claim in four [`World`]s, several times in each:
//!
//! ```
//! use std::time::Duration;
//! use room::everywhere;
//! use timeline::LaneExt;
//! use tokio::time::sleep;
//!
//! # const MS_20: Duration = Duration::from_millis(20);
//! everywhere(|world| {
//!     let (_, recording) = world.record(async {
//!         tokio::join!(sleep(MS_20).lane("slow"), sleep(MS_20 / 2).lane("fast"))
//!     });
//!     assert_eq!(recording.finish_order(), ["fast", "slow"]);
//!     world.assert_took(recording.total(), MS_20);
//! });
//! ```
//!
//! A claim that holds in fewer places is proven by [`on_the_paused_clock`], [`on_one_thread`], [`on_the_real_clock`] or [`with_several_workers`],
//! and its name says so: `a_timeout_of_zero_polls_the_future_once_on_the_paused_clock`.
//!
//! # When the machine stands still
//!
//! On the real clock, a busy machine can stop a thread for longer than the pauses of a test. Then the order of two sleeps proves nothing.
//! A run that fails counts only if the machine kept time during the run; otherwise the run is repeated.
//! To measure that, one thread for each processor sleeps one millisecond at a time.
//! Linux also says how long the threads of the claim were ready and had to wait for a processor.
//! A false claim fails in every repetition, so it fails in the end.
//!
//! # A trap
//!
//! A lane opens where `.lane(...)` is called, so call it inside of the future that [`World::record`] gets.
//! A lane that was made before it is not recorded.

use std::cell::RefCell;
use std::fmt::{self, Display, Formatter};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use timeline::{Clock, LIMIT, Micros, Recorder, Recording, unless_stuck};
use tokio::runtime::Builder;
use tokio::time::timeout;
use tracing::Dispatch;
use tracing::dispatcher::DefaultGuard;
use tracing_subscriber::layer::SubscriberExt;

/// How often a claim is proven in each world.
const TIMES: usize = 3;

/// How long a claim may take in real time before it counts as stuck.
const PATIENCE: Duration = Duration::from_secs(30);

/// A thread that takes this long for a sleep of a millisecond stood still.
const LATE: Duration = Duration::from_millis(3);

/// How often a run that failed while the machine stood still is repeated.
const REPEATS: usize = 50;

/// A runtime and a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum World {
    /// One thread, and Tokio's paused clock: time moves only when nothing can run, and is exact.
    Paused,
    /// One thread, and the real clock.
    OneThread,
    /// This many worker threads and the real clock: `#[tokio::main]` has one worker for each core.
    Workers(usize),
}

use World::{OneThread, Paused, Workers};

/// Proves a claim in every world: on the paused clock, on one thread in real time, with two and with four workers.
///
/// The claim builds new futures each time, runs them with [`World::record`] or [`World::run`], and panics if it does not hold.
///
/// # Panics
///
/// If the claim does, after a line on standard error that names the world.
#[track_caller]
pub fn everywhere(claim: impl Fn(World)) {
    proves(&[Paused, OneThread, Workers(2), Workers(4)], claim);
}

/// Proves a claim that holds on the paused clock only. Its name and the chapter say so.
///
/// # Panics
///
/// As [`everywhere`].
pub fn on_the_paused_clock(claim: impl Fn(World)) {
    proves(&[Paused], claim);
}

/// Proves a claim that holds on a current-thread runtime only, on both clocks. Its name and the chapter say so.
///
/// # Panics
///
/// As [`everywhere`].
pub fn on_one_thread(claim: impl Fn(World)) {
    proves(&[Paused, OneThread], claim);
}

/// Proves a claim that holds in real time only, on one thread and on several. Its name and the chapter say so.
///
/// # Panics
///
/// As [`everywhere`].
pub fn on_the_real_clock(claim: impl Fn(World)) {
    proves(&[OneThread, Workers(2), Workers(4)], claim);
}

/// Proves a claim that holds only with several workers. Its name and the chapter say so.
///
/// # Panics
///
/// As [`everywhere`].
pub fn with_several_workers(claim: impl Fn(World)) {
    proves(&[Workers(2), Workers(4)], claim);
}

fn proves(worlds: &[World], claim: impl Fn(World)) {
    keep_lanes_visible();
    for world in worlds {
        for _ in 0..TIMES {
            proves_once(*world, &claim);
        }
    }
}

/// Keeps a subscriber that wants every span for as long as the process lives.
///
/// If no subscriber wants the spans of a line of source when the line first runs, tracing remembers that.
/// A recorder that another test makes at that moment would never see these spans.
fn keep_lanes_visible() {
    static KEPT: OnceLock<Dispatch> = OnceLock::new();
    KEPT.get_or_init(|| Dispatch::new(tracing_subscriber::registry()));
}

fn proves_once(world: World, claim: &impl Fn(World)) {
    for repeat in 0.. {
        let since = Instant::now();
        let stalls = (world != Paused).then(Stalls::watch);
        let before = kept_waiting();
        let Err(panic) = catch_unwind(AssertUnwindSafe(|| claim(world))) else { return };
        let excused = stalls.is_some_and(|stalls| kept_waiting() > before + LATE || stalls.any_since(since));
        if !excused || repeat == REPEATS {
            eprintln!("the claim does not hold {world}");
            resume_unwind(panic);
        }
    }
}

impl World {
    /// Runs a future to its end as `#[tokio::main]` would in this world, and returns its output and the recording.
    ///
    /// Lanes of spawned tasks and of the blocking pool are recorded on whatever thread they run.
    /// The recording is taken when the future is ready: tasks that it leaves behind have no outcome there.
    ///
    /// # Panics
    ///
    /// If the future panics, if it is stuck, or if the operating system refuses a runtime.
    pub fn record<F: Future>(self, future: F) -> (F::Output, Recording) {
        let recorder = Recorder::new("recording", if self == Paused { Clock::Virtual } else { Clock::Real });
        let dispatch = Dispatch::new(tracing_subscriber::registry().with(recorder.clone()));
        let _guard = tracing::dispatcher::set_default(&dispatch);
        let mut builder = self.builder();
        builder.on_thread_start(move || SUBSCRIBER.set(Some(tracing::dispatcher::set_default(&dispatch))));
        builder.on_thread_stop(|| {
            SUBSCRIBER.set(None);
            count_the_wait();
        });
        run(&mut builder, async {
            if self == Paused {
                let output = unless_stuck(&recorder, future).await.unwrap_or_else(|stuck| panic!("{stuck}"));
                return (output, recorder.recording());
            }
            let _start = recorder.now();
            let ended = timeout(PATIENCE, future).await;
            let recording = recorder.recording();
            let output = ended.unwrap_or_else(|_| panic!("stuck {self}: {:?} never ended", recording.never_ended()));
            (output, recording)
        })
    }

    /// Like [`World::record`], with the future in a spawned task: on a worker, as in a server's handler, and not in `main`.
    ///
    /// # Panics
    ///
    /// As [`World::record`].
    pub fn record_spawned<F>(self, future: F) -> (F::Output, Recording)
    where
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        self.record(async {
            match tokio::spawn(future).await {
                Ok(output) => output,
                Err(error) => resume_unwind(error.into_panic()),
            }
        })
    }

    /// Runs a future to its end as `#[tokio::main]` would in this world.
    ///
    /// # Panics
    ///
    /// As [`World::record`].
    pub fn run<F: Future>(self, future: F) -> F::Output {
        run(&mut self.builder(), async {
            let patience = if self == Paused { LIMIT } else { PATIENCE };
            timeout(patience, future).await.unwrap_or_else(|_| panic!("stuck {self}"))
        })
    }

    /// What builds this world's runtime, with every driver.
    #[must_use]
    pub fn builder(self) -> Builder {
        let mut builder = match self {
            Paused | OneThread => Builder::new_current_thread(),
            Workers(_) => Builder::new_multi_thread(),
        };
        match self {
            Workers(count) => builder.worker_threads(count),
            Paused => builder.start_paused(true),
            OneThread => &mut builder,
        };
        builder.enable_all().on_thread_stop(count_the_wait);
        builder
    }

    /// Whether time is exact and moves only when nothing can run.
    #[must_use]
    pub fn is_paused(self) -> bool {
        self == Paused
    }

    /// Compares a measured time, in microseconds, with the sum of the sleeps in it.
    ///
    /// On the paused clock both are equal. In real time the measured one is at least as long, because no sleep ends early. It has no upper bound.
    ///
    /// # Panics
    ///
    /// If that is not so.
    #[track_caller]
    pub fn assert_took(self, measured: Micros, expected: Duration) {
        let expected = Micros::try_from(expected.as_micros()).unwrap_or(Micros::MAX);
        if self.is_paused() {
            assert_eq!(measured, expected, "microseconds on the paused clock");
        } else {
            assert!(measured >= expected, "{measured} µs, but the sleeps add up to {expected} µs");
        }
    }
}

impl Display for World {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Paused => f.write_str("on the paused clock"),
            OneThread => f.write_str("in real time on one thread"),
            Workers(count) => write!(f, "in real time with {count} workers"),
        }
    }
}

thread_local! {
    /// Keeps a runtime's thread under the subscriber of the recording.
    static SUBSCRIBER: RefCell<Option<DefaultGuard>> = const { RefCell::new(None) };
}

#[expect(clippy::expect_used, reason = "for tests, where a panic is the report")]
fn run<F: Future>(builder: &mut Builder, future: F) -> F::Output {
    let runtime = builder.build().expect("the operating system gives a runtime what it needs");
    let output = catch_unwind(AssertUnwindSafe(|| runtime.block_on(future)));
    // Blocking work that a failed claim leaves behind must not hang the test.
    match output {
        Ok(output) => output,
        Err(panic) => {
            runtime.shutdown_background();
            resume_unwind(panic)
        }
    }
}

/// How long the threads of ended runtimes were ready and waited for a processor, in nanoseconds.
static WAITED: AtomicU64 = AtomicU64::new(0);

/// Counts how long this thread waited, when it ends.
fn count_the_wait() {
    WAITED.fetch_add(wait_of_this_thread(), Ordering::Relaxed);
}

/// How long this thread, and the threads of ended runtimes, were ready and waited for a processor; 0 if the system does not say.
fn kept_waiting() -> Duration {
    Duration::from_nanos(WAITED.load(Ordering::Relaxed) + wait_of_this_thread())
}

/// Source: <https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat>
fn wait_of_this_thread() -> u64 {
    let figures = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    figures.split_whitespace().nth(1).and_then(|nanoseconds| nanoseconds.parse().ok()).unwrap_or(0)
}

/// When the machine stood still: the end of each such moment.
#[derive(Debug, Default)]
struct Stalls {
    ends: Mutex<Vec<Instant>>,
}

impl Stalls {
    /// The only watch of this process. Its threads start at the first call.
    fn watch() -> &'static Self {
        static WATCH: OnceLock<&Stalls> = OnceLock::new();
        WATCH.get_or_init(|| {
            let stalls: &Self = Box::leak(Box::default());
            for _processor in 0..thread::available_parallelism().map_or(1, usize::from) {
                thread::spawn(|| stalls.keep());
            }
            stalls
        })
    }

    fn keep(&self) -> ! {
        loop {
            let before = Instant::now();
            thread::sleep(Duration::from_millis(1));
            if before.elapsed() > LATE {
                self.ends.lock().unwrap_or_else(PoisonError::into_inner).push(Instant::now());
            }
        }
    }

    /// Whether the machine stood still at any moment since then, including now.
    fn any_since(&self, since: Instant) -> bool {
        // A stall is written when it ends, so wait for the end of one that goes on.
        thread::sleep(2 * LATE);
        self.ends.lock().unwrap_or_else(PoisonError::into_inner).last().is_some_and(|end| *end > since)
    }
}
