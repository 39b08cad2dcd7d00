//! Blocking jobs that shake hands with the runtime and with each other.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use timeline::{LaneExt, lane_blocking};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::Dispatch;

use crate::service::ms;

/// How often a job looks for an event that may not come, once per millisecond. On a busy machine each look takes longer.
const LOOKS: usize = 1_000;

/// What blocking jobs know about each other and about the heart, a task that beats while its thread is free.
///
/// For exams [on the real clock](crate::Exam::on_the_real_clock): a job waits for an event, not for a time.
///
/// ```
/// use std::sync::atomic::Ordering::SeqCst;
/// use exam::Stage;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let stage = Stage::new();
/// let _heart = stage.heart();
/// let jobs = [1, 2].map(|number| {
///     let stage = stage.clone();
///     tokio::task::spawn_blocking(move || stage.job(&format!("job {number}"), |stage| stage.wait_for_peak(2)))
/// });
/// for job in jobs {
///     job.await.unwrap();
/// }
/// assert_eq!((stage.peak(), stage.ended(), stage.in_vain()), (2, 2, false));
/// # });
/// ```
#[derive(Debug)]
pub struct Stage {
    /// The thread of the runtime.
    home: ThreadId,
    dispatch: Dispatch,
    beats: AtomicUsize,
    running: AtomicUsize,
    peak: AtomicUsize,
    ended: AtomicUsize,
    begun: Mutex<Vec<String>>,
    /// Whether a job waited in vain. After that, no job waits any more.
    in_vain: AtomicBool,
}

/// A job that is running. Dropping it counts the job as ended, also after a panic.
struct Running<'a>(&'a Stage);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, SeqCst);
        self.0.ended.fetch_add(1, SeqCst);
    }
}

impl Stage {
    /// An empty stage. Make it on the thread of the runtime.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            home: thread::current().id(),
            dispatch: tracing::dispatcher::get_default(Clone::clone),
            beats: AtomicUsize::default(),
            running: AtomicUsize::default(),
            peak: AtomicUsize::default(),
            ended: AtomicUsize::default(),
            begun: Mutex::default(),
            in_vain: AtomicBool::default(),
        })
    }

    /// Starts the heart. It beats until you drop what this returns.
    #[must_use]
    pub fn heart(self: &Arc<Self>) -> JoinSet<()> {
        let stage = Arc::clone(self);
        let beat = async move {
            loop {
                sleep(ms(5)).await;
                stage.beats.fetch_add(1, SeqCst);
            }
        };
        let mut owner = JoinSet::new();
        owner.spawn(beat.lane("heart"));
        owner
    }

    /// Runs a job with this name. The job returns whether the event that it waited for came.
    pub fn job(&self, name: &str, job: impl FnOnce(&Self) -> bool) {
        let work = || {
            self.lock().push(name.to_owned());
            let running = self.running.fetch_add(1, SeqCst) + 1;
            self.peak.fetch_max(running, SeqCst);
            let _running = Running(self);
            if !job(self) {
                self.in_vain.store(true, SeqCst);
            }
        };
        // On the thread of the runtime, the job is part of the poll that it blocks, so it gets no lane.
        if thread::current().id() == self.home {
            return work();
        }
        tracing::dispatcher::with_default(&self.dispatch, || lane_blocking(name.to_owned(), work)());
    }

    /// Blocks until this is true, and returns whether it became true.
    pub fn wait_until(&self, so: impl Fn() -> bool) -> bool {
        for _ in 0..LOOKS {
            if so() {
                return true;
            }
            if self.in_vain() {
                return false;
            }
            thread::sleep(ms(1));
        }
        so()
    }

    /// Blocks until the heart has beaten `count` times.
    pub fn wait_for_beats(&self, count: usize) -> bool {
        let before = self.beats();
        self.wait_until(|| self.beats() >= before + count)
    }

    /// Blocks until `count` jobs have run at once.
    pub fn wait_for_peak(&self, count: usize) -> bool {
        self.wait_until(|| self.peak() >= count)
    }

    /// Blocks until `count` jobs have ended.
    pub fn wait_for_ended(&self, count: usize) -> bool {
        self.wait_until(|| self.ended() >= count)
    }

    /// Lets the heart beat until this is true, but not for ever.
    pub async fn until(&self, so: impl Fn() -> bool) {
        for _ in 0..LOOKS {
            if so() {
                return;
            }
            sleep(ms(1)).await;
        }
    }

    /// Lets the heart beat `count` times.
    pub async fn for_beats(&self, count: usize) {
        let before = self.beats();
        self.until(|| self.beats() >= before + count).await;
    }

    /// Lets the heart beat until no job runs.
    pub async fn until_idle(&self) {
        self.until(|| self.running() == 0).await;
    }

    /// How often the heart has beaten.
    #[must_use]
    pub fn beats(&self) -> usize {
        self.beats.load(SeqCst)
    }

    /// How many jobs are running.
    #[must_use]
    pub fn running(&self) -> usize {
        self.running.load(SeqCst)
    }

    /// The most jobs that have run at once.
    #[must_use]
    pub fn peak(&self) -> usize {
        self.peak.load(SeqCst)
    }

    /// How many jobs have ended.
    #[must_use]
    pub fn ended(&self) -> usize {
        self.ended.load(SeqCst)
    }

    /// The jobs that have begun, in alphabetical order.
    #[must_use]
    pub fn begun(&self) -> Vec<String> {
        let mut begun = self.lock().clone();
        begun.sort();
        begun
    }

    /// Whether a job waited in vain.
    #[must_use]
    pub fn in_vain(&self) -> bool {
        self.in_vain.load(SeqCst)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<String>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
