//! A thread that ends what the virtual clock cannot see: endless loops, blocked threads, blocking calls, and memory that only grows.

use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use timeline::{Clock, Micros, Recorder, Recording};

use crate::fault::{Fault, seconds};
use crate::verdict::Verdict;

/// How long a run may take on the real clock: thousands of times what one on the virtual clock takes.
const LIMIT: Duration = Duration::from_secs(3);

/// The same for a run that really waits.
const REAL_LIMIT: Duration = Duration::from_secs(15);

/// How many bytes the process may hold.
const MEMORY: u64 = 512 << 20;

/// Watches one run at a time.
#[derive(Clone, Debug)]
pub(crate) struct Watchdog {
    shared: Arc<Mutex<Watched>>,
}

#[derive(Debug)]
struct Watched {
    verdict: Verdict,
    clock: Clock,
    run: Option<(Instant, Recorder)>,
}

impl Watchdog {
    /// Starts the thread.
    pub(crate) fn start(verdict: Verdict, clock: Clock) -> Self {
        let watchdog = Self { shared: Arc::new(Mutex::new(Watched { verdict, clock, run: None })) };
        let watching = watchdog.clone();
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_millis(20));
                watching.look();
            }
        });
        watchdog
    }

    /// The run that this recorder records begins.
    pub(crate) fn watch(&self, recorder: &Recorder) {
        self.lock().run = Some((Instant::now(), recorder.clone()));
    }

    /// The run is over.
    pub(crate) fn rest(&self) {
        self.lock().run = None;
    }

    /// The verdict as far as it has come; nothing is ended while it is held.
    pub(crate) fn verdict<T>(&self, change: impl FnOnce(&mut Verdict) -> T) -> T {
        change(&mut self.lock().verdict)
    }

    fn lock(&self) -> MutexGuard<'_, Watched> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self) {
        // Held until the process ends, so that there is one verdict.
        let mut watched = self.lock();
        let Some((since, recorder)) = &watched.run else { return };
        let limit = if watched.clock == Clock::Virtual { LIMIT } else { REAL_LIMIT };
        let recording = recorder.recording();
        let fault = if since.elapsed() > limit {
            hang(&recording, limit)
        } else if memory() > MEMORY {
            Fault::new(
                "Your answer took more than 512 MiB of memory and was ended.",
                "Something grows in a loop that has no end: a list, or a channel without a bound.",
            )
        } else {
            return;
        };
        watched.verdict.fail(fault, Some(recording));
        // Standard output may be locked by the very thread that hangs: it gets a moment, then the process ends anyway.
        let verdict = watched.verdict.clone();
        let writer = thread::spawn(move || verdict.announce(true));
        let patience = Instant::now();
        while !writer.is_finished() && patience.elapsed() < Duration::from_secs(1) {
            thread::sleep(Duration::from_millis(5));
        }
        process::exit(1);
    }
}

fn hang(recording: &Recording, limit: Duration) -> Fault {
    const MINUTE: Micros = 60_000_000;
    let (now, limit) = (recording.ended, limit.as_secs());
    if recording.clock == Clock::Virtual && now > MINUTE {
        return Fault::new(
            format!("Your answer never ends: on the virtual clock it is still busy after {} minutes.", now / MINUTE),
            "A loop goes on for ever. On the virtual clock waiting costs nothing, so this one really has no end.",
        );
    }
    let open = recording.never_ended();
    let open = if open.is_empty() { String::new() } else { format!(" Open calls: {}.", crate::fault::listed(&open)) };
    Fault::new(
        format!("Your answer hung and was ended after {limit} s of real time, at {} of its own.{open}", seconds(now)),
        "It keeps its thread without letting go: an endless loop, a loop that only yields, or a call that blocks the thread \
         (`std::thread::sleep`, `blocking_recv`, a `std::sync::Mutex` locked twice, a blocking task that does not end). \
         The virtual clock stands still while a thread is busy, also one of the blocking pool that waits for time to pass.",
    )
}

/// How many bytes this process holds, where the system tells in a file; elsewhere 0.
fn memory() -> u64 {
    const PAGE: u64 = 4096;
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let resident = pages.and_then(|pages| pages.split(' ').nth(1)?.parse::<u64>().ok());
    resident.map_or(0, |pages| pages * PAGE)
}
