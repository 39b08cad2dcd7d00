//! A thread that ends what the virtual clock cannot see: endless loops, blocked threads, blocking calls, and memory that only grows.

use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use timeline::{Clock, Recorder, Recording};

use crate::fault::{Fault, listed, seconds};
use crate::pulse::{Pulse, going_on};
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
    run: Option<(Instant, Recorder, Arc<Pulse>)>,
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
    pub(crate) fn watch(&self, recorder: &Recorder, pulse: &Arc<Pulse>) {
        self.lock().run = Some((Instant::now(), recorder.clone(), Arc::clone(pulse)));
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
        let Some((since, recorder, pulse)) = &watched.run else { return };
        let limit = if watched.clock == Clock::Virtual { LIMIT } else { REAL_LIMIT };
        let hangs = since.elapsed() > limit;
        let grows = memory() > MEMORY;
        if !hangs && !grows {
            return;
        }
        let recording = recorder.recording();
        let fault = if hangs {
            hang(&recording, limit, pulse)
        } else {
            Fault::new(
                "Your answer took more than 512 MiB of memory and was ended.",
                "Something grows in a loop that never ends: a list, or a channel without a bound.",
            )
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

fn hang(recording: &Recording, limit: Duration, pulse: &Pulse) -> Fault {
    let (now, limit) = (recording.ended, limit.as_secs());
    if recording.clock == Clock::Virtual && still_wakes_up(pulse) {
        return going_on(pulse.beats(), recording, recording.ended);
    }
    let open = recording.never_ended();
    let open = if open.is_empty() { String::new() } else { format!(" Open calls: {}.", listed(&open)) };
    if recording.clock == Clock::Real {
        return Fault::new(
            format!("Your answer hung and was ended after {limit} s.{open}"),
            "It waits for something that never comes (a permit, a lock, a message, a task), or it keeps the thread: \
             an endless loop, or a call that blocks (`std::thread::sleep`, `blocking_recv`).",
        );
    }
    Fault::new(
        format!(
            "Your answer hung and was ended after {limit} s of real time, at {} on the virtual clock.{open}",
            seconds(now)
        ),
        "It never lets go of its thread: an endless loop, a loop that only yields, or a call that blocks the thread \
         (`std::thread::sleep`, `blocking_recv`, a `std::sync::Mutex` locked twice). \
         The virtual clock stands still while a thread is busy, also while a blocking task runs.",
    )
}

/// Whether the runtime's thread wakes up now and then; one that is busy or blocked never does.
fn still_wakes_up(pulse: &Pulse) -> bool {
    let before = pulse.beats();
    let patience = Instant::now();
    while pulse.beats() == before && patience.elapsed() < Duration::from_millis(500) {
        thread::sleep(Duration::from_millis(1));
    }
    pulse.beats() > before
}

/// How many bytes this process holds, where the system says so in a file; elsewhere 0.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").ok();
    let resident = status.as_deref().and_then(resident);
    resident.unwrap_or(0) << 10
}

/// The kibibytes of physical memory in `/proc/self/status`, which do not depend on the size of a page.
fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::resident;

    #[test]
    fn the_memory_is_read_in_kibibytes() {
        assert_eq!(resident("Name:\texam\nVmHWM:\t  9000 kB\nVmRSS:\t    7312 kB\n"), Some(7_312));
        assert_eq!(resident("Name:\texam\n"), None);
        if cfg!(target_os = "linux") {
            assert!(super::memory() > 1 << 20);
        }
    }
}
