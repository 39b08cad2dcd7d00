//! A thread that ends what the virtual clock cannot see: endless loops, blocked threads, blocking calls, and memory that only grows.

use std::hint;
use std::mem;
use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use cpu_time::{ProcessTime, ThreadTime};
use timeline::{Clock, Recorder, Recording};

use crate::fault::{Fault, listed, seconds};
use crate::pulse::{Pulse, going_on};
use crate::verdict::{Verdict, within_a_second};

/// How much processor time a run on the virtual clock may use. A right answer needs less than a tenth of it.
const WORK: Duration = Duration::from_secs(2);

/// How long a run may do nothing. A right answer is never idle for so long.
const LIMIT: Duration = Duration::from_secs(3);

/// The same for a run on the real clock, and for one that does a little again and again.
const REAL_LIMIT: Duration = Duration::from_secs(15);

/// How often the watchdog looks.
const LOOK: Duration = Duration::from_millis(20);

/// A run that uses less than this between two looks is waiting. A thread that wants to run uses more, whenever it gets a turn.
const TRACE: Duration = Duration::from_micros(500);

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
    run: Option<(Course, Recorder, Arc<Pulse>)>,
}

/// What a run did so far, to tell a run that hangs from one that waits for a busy machine.
///
/// Real time does not tell them apart: while other programs have the processors, a right answer makes no progress either.
#[derive(Clone, Copy, Debug, Default)]
struct Course {
    /// The processor time of its threads.
    used: Duration,
    /// How long they have used none until now.
    still: Duration,
    /// How long the whole run took, without the moments in which even the watchdog did not get its turn.
    on_time: Duration,
    /// How long the whole run may take. It grows with the number of threads that share a processor.
    stretched: Duration,
}

/// How a run hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hang {
    /// It uses the processor, and does not end.
    Runs,
    /// It uses no processor time: a thread is blocked, or what it waits for never comes.
    Stands,
    /// It does a little again and again.
    GoesOn,
}

impl Course {
    /// Adds the time between two looks, and the processor time that the run's threads used in it.
    fn look(&mut self, passed: Duration, used: Duration) {
        // A late look only says that the machine is busy. It does not say what the run would have done.
        let counts = if passed < 2 * LOOK { passed } else { Duration::ZERO };
        self.used += used;
        self.still = if used < TRACE { self.still + counts } else { Duration::ZERO };
        self.on_time += counts;
    }

    /// How the run hangs, if it does, and the limit that it has passed.
    ///
    /// `crowd` measures how many threads share a processor now. It is called only if nothing else tells a hang from a wait for a turn.
    fn hangs(&mut self, clock: Clock, crowd: impl FnOnce() -> u32) -> Option<(Hang, Duration)> {
        let (work, limit) = if clock == Clock::Virtual { (WORK, LIMIT) } else { (REAL_LIMIT, REAL_LIMIT) };
        if self.used > work {
            return Some((Hang::Runs, work));
        }
        if self.still > limit {
            return Some((Hang::Stands, limit));
        }
        if self.on_time > self.stretched {
            self.stretched = self.stretched.max(REAL_LIMIT * crowd().max(1));
        }
        (self.on_time > self.stretched).then_some((Hang::GoesOn, self.stretched))
    }
}

/// Measures the time between two looks, and the processor time of all other threads in it.
#[derive(Debug)]
struct Meter {
    last: Instant,
    used: Duration,
}

impl Meter {
    fn new() -> Self {
        Self { last: Instant::now(), used: used_by_others() }
    }

    fn read(&mut self) -> (Duration, Duration) {
        let before = mem::replace(self, Self::new());
        (self.last - before.last, self.used.saturating_sub(before.used))
    }
}

/// How many threads share a processor: how much longer a busy thread takes than its processor time.
fn crowd() -> u32 {
    const WORK: Duration = Duration::from_millis(50);
    let begun = Instant::now();
    let Ok(before) = ThreadTime::try_now() else { return 1 };
    while before.try_elapsed().is_ok_and(|used| used < WORK) {
        hint::spin_loop();
    }
    u32::try_from((begun.elapsed() + WORK / 2).as_nanos() / WORK.as_nanos()).unwrap_or(u32::MAX)
}

/// The processor time of all threads but this one; zero if the system does not say it.
fn used_by_others() -> Duration {
    let process = ProcessTime::try_now().map(|time| time.as_duration()).unwrap_or_default();
    process.saturating_sub(ThreadTime::try_now().map(|time| time.as_duration()).unwrap_or_default())
}

impl Watchdog {
    /// Starts the thread.
    pub(crate) fn start(verdict: Verdict, clock: Clock) -> Self {
        let watchdog = Self { shared: Arc::new(Mutex::new(Watched { verdict, clock, run: None })) };
        let watching = watchdog.clone();
        thread::spawn(move || {
            let mut meter = Meter::new();
            loop {
                thread::sleep(LOOK);
                watching.look(&mut meter);
            }
        });
        watchdog
    }

    /// The run that this recorder records begins.
    pub(crate) fn watch(&self, recorder: &Recorder, pulse: &Arc<Pulse>) {
        self.lock().run = Some((Course::default(), recorder.clone(), Arc::clone(pulse)));
    }

    /// The run is over.
    pub(crate) fn rest(&self) {
        self.lock().run = None;
    }

    /// Gives access to the verdict so far. The watchdog does not end the process meanwhile.
    pub(crate) fn verdict<T>(&self, change: impl FnOnce(&mut Verdict) -> T) -> T {
        change(&mut self.lock().verdict)
    }

    fn lock(&self) -> MutexGuard<'_, Watched> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self, meter: &mut Meter) {
        // Held until the process ends, so that there is one verdict.
        let mut watched = self.lock();
        let (passed, used) = meter.read();
        let clock = watched.clock;
        let Some((course, recorder, pulse)) = &mut watched.run else { return };
        course.look(passed, used);
        let hangs = course.hangs(clock, crowd);
        let grows = memory() > MEMORY;
        if hangs.is_none() && !grows {
            return;
        }
        let recording = recorder.recording();
        let fault = match hangs {
            Some((hang, limit)) if !grows => words_of(hang, limit, &recording, pulse),
            _ => Fault::new(
                "Your answer took more than 512 MiB of memory and was stopped.",
                "A list or an unbounded channel grows in a loop that never ends.",
            ),
        };
        watched.verdict.fail(fault, Some(recording));
        let (verdict, words) = (watched.verdict.clone(), watched.verdict.words());
        // The thread that hangs may hold the lock of standard output. Then the process ends anyway.
        within_a_second(move || verdict.announce(&words, true));
        process::exit(1);
    }
}

fn words_of(hang: Hang, limit: Duration, recording: &Recording, pulse: &Pulse) -> Fault {
    let is_virtual = recording.clock == Clock::Virtual;
    if is_virtual && still_wakes_up(pulse) {
        return going_on(pulse.beats(), recording, recording.ended);
    }
    let limit = limit.as_secs();
    let after = match hang {
        Hang::Runs => format!("after {limit} s of processor time"),
        Hang::Stands => format!("after {limit} s in which it did nothing"),
        Hang::GoesOn => format!("after {limit} s of real time"),
    };
    let at = if is_virtual { format!(", at {} on the virtual clock", seconds(recording.ended)) } else { String::new() };
    let open = recording.never_ended();
    let open = if open.is_empty() { String::new() } else { format!(" Open calls: {}.", listed(&open)) };
    let why = match (hang, is_virtual) {
        (Hang::Runs, _) => "It is busy for ever: an endless loop, a loop that only yields, or an endless computation.",
        (Hang::Stands, true) => {
            "A call blocks the thread: `std::thread::sleep`, `blocking_recv`, a `std::sync::Mutex` locked twice. \
             Or it awaits a blocking task that does not end: the virtual clock stands still while one runs."
        }
        (Hang::Stands, false) => {
            "It waits for an event that never comes (a permit, a lock, a message, a task), \
             or a call blocks its thread (`std::thread::sleep`, `blocking_recv`)."
        }
        (Hang::GoesOn, true) => {
            "A call blocks the thread, while other threads wake up again and again. \
             The virtual clock stands still while a thread is busy or a blocking task runs."
        }
        (Hang::GoesOn, false) => {
            "It waits for an event that never comes (a permit, a lock, a message, a task), \
             or a loop checks a value that never changes."
        }
    };
    Fault::new(format!("Your answer hung and was stopped {after}{at}.{open}"), why)
}

/// Whether the runtime's thread wakes up now and then. A busy or blocked thread never does.
fn still_wakes_up(pulse: &Pulse) -> bool {
    let before = pulse.beats();
    let patience = Instant::now();
    while pulse.beats() == before && patience.elapsed() < Duration::from_millis(500) {
        thread::sleep(Duration::from_millis(1));
    }
    pulse.beats() > before
}

/// How many bytes this process holds, if the system says so in a file; otherwise 0.
fn memory() -> u64 {
    std::fs::read_to_string("/proc/self/status").ok().as_deref().and_then(resident).unwrap_or(0) << 10
}

/// The kibibytes of physical memory in `/proc/self/status`, a number that does not depend on the size of a page.
fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on says so")]

    use std::hint;
    use std::thread;
    use std::time::{Duration, Instant};

    use timeline::Clock;

    use super::{Course, Hang, LOOK, Meter, crowd, resident};

    /// How a run hangs, and after how many seconds; `None` if it does not hang in two minutes. Each look has these values.
    fn after(clock: Clock, passed: Duration, crowd: u32, used: impl Fn(u32) -> Duration) -> Option<(Hang, u64)> {
        let mut course = Course::default();
        let looks = Duration::from_mins(2).as_micros() / passed.as_micros();
        (1..=u32::try_from(looks).unwrap()).find_map(|look| {
            course.look(passed, used(look));
            course.hangs(clock, || crowd).map(|(hang, _)| (hang, (passed * look).as_secs()))
        })
    }

    #[test]
    fn an_endless_loop_hangs_after_its_limit_of_processor_time() {
        assert_eq!(after(Clock::Virtual, LOOK, 1, |_| LOOK), Some((Hang::Runs, 2)));
        assert_eq!(after(Clock::Real, LOOK, 1, |_| LOOK), Some((Hang::Runs, 15)));
        // With a tenth of a processor it has ten times as long.
        assert_eq!(after(Clock::Virtual, 10 * LOOK, 10, |_| LOOK), Some((Hang::Runs, 20)));
    }

    #[test]
    fn a_blocked_thread_hangs_although_it_uses_no_processor_time() {
        assert_eq!(after(Clock::Virtual, LOOK, 1, |_| Duration::ZERO), Some((Hang::Stands, 3)));
        assert_eq!(after(Clock::Real, LOOK, 1, |_| Duration::ZERO), Some((Hang::Stands, 15)));
        // A little work of other threads does not hide it.
        assert_eq!(after(Clock::Virtual, LOOK, 1, now_and_then), Some((Hang::GoesOn, 15)));
    }

    #[test]
    fn a_run_that_waits_for_its_turn_does_not_hang() {
        // Even the watchdog gets no turn in time.
        assert_eq!(after(Clock::Virtual, 5 * LOOK, 1, |_| LOOK / 20), None);
        assert_eq!(after(Clock::Virtual, Duration::from_secs(30), 1, |_| Duration::ZERO), None);
        // The watchdog gets its turns, and the run a small share of a processor.
        assert_eq!(after(Clock::Virtual, LOOK, 66, now_and_then), None);
    }

    /// 3 ms in each fifth of a second.
    fn now_and_then(look: u32) -> Duration {
        if look.is_multiple_of(10) { Duration::from_millis(3) } else { Duration::ZERO }
    }

    #[test]
    fn processor_time_is_measured_for_threads_that_run_and_not_for_sleeping_ones() {
        let (spun, slept) = thread::scope(|scope| {
            let spins = scope.spawn(|| {
                let begun = Instant::now();
                while begun.elapsed() < Duration::from_millis(200) {
                    hint::spin_loop();
                }
            });
            let mut meter = Meter::new();
            while !spins.is_finished() {
                thread::sleep(LOOK);
            }
            let spun = meter.read();
            thread::sleep(LOOK);
            (spun, meter.read())
        });
        assert!(spun.1 > Duration::ZERO && spun.0 >= Duration::from_millis(200), "{spun:?}");
        assert!(slept.0 >= LOOK, "{slept:?}");
        assert!(crowd() >= 1);
    }

    #[test]
    fn the_memory_is_read_in_kibibytes() {
        assert_eq!(resident("Name:\texam\nVmHWM:\t  9000 kB\nVmRSS:\t    7312 kB\n"), Some(7_312));
        assert_eq!(resident("Name:\texam\n"), None);
        if cfg!(target_os = "linux") {
            assert!(super::memory() > 1 << 20);
        }
    }
}
