//! What the checks of `event-loop/block_on` play.

use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use exam::ms;

/// The function of this exercise: a pointer, so that other threads can call it.
pub(super) type BlockOn = fn(Pin<Box<Probed>>);

/// What a future does while it is polled for the nth time.
type During = fn(usize, &Waker, BlockOn);

/// How long a poll may take to come before its wake counts as lost. With a right answer, no check waits that long.
pub(super) const PATIENCE: Duration = ms(200);

/// A wake counts as lost if it is lost this many times in a row: a machine may stand still once.
pub(super) const ATTEMPTS: usize = 3;

pub(super) fn in_peace(_: usize, _: &Waker, _: BlockOn) {}

pub(super) fn wakes_itself(poll: usize, waker: &Waker, _: BlockOn) {
    if poll <= 2 {
        let given_away = waker.clone();
        waker.wake_by_ref();
        given_away.wake();
        waker.wake_by_ref();
    }
}

pub(super) fn wakes_itself_and_parks(poll: usize, waker: &Waker, block_on: BlockOn) {
    wakes_itself(poll, waker, block_on);
    thread::park_timeout(ms(1));
}

pub(super) fn wakes_itself_and_nests(poll: usize, waker: &Waker, block_on: BlockOn) {
    wakes_itself(poll, waker, block_on);
    if poll <= 2 {
        attended(block_on, wakes_itself, |inner| inner.polled(3, PATIENCE));
    }
}

/// Wakes the future when it has been pending for a while.
pub(super) fn wake_later(probe: &Probe) {
    probe.polled(usize::MAX, ms(20));
    probe.wake();
}

/// The first of many wakes after which no poll comes. Each wake comes immediately after the poll before.
pub(super) fn first_of_a_thousand_lost(probe: &Probe) -> Option<usize> {
    (1..=1_000).find(|wakes| {
        probe.wake();
        !probe.polled(wakes + 1, 2 * PATIENCE)
    })
}

/// Whether a poll comes because the thread is unparked, after the first poll or after the second.
pub(super) fn is_fooled(probe: &Probe) -> bool {
    (1..=2).any(|polls| {
        if polls == 2 {
            wake_later(probe);
        }
        probe.polled(polls, PATIENCE);
        (0..3).any(|_| {
            probe.unpark();
            probe.polled(polls + 1, PATIENCE / 4)
        })
    })
}

/// Whether no poll comes although the future does this, or then another thread does that.
pub(super) fn loses_a_wake(block_on: BlockOn, during: During, then: fn(&Probe)) -> bool {
    (0..ATTEMPTS).all(|_| attended(block_on, during, |probe| loses(probe, then)))
}

/// Whether a future is not polled after its wake, while another one is pending on another thread.
pub(super) fn loses_a_wake_on_two_threads(block_on: BlockOn) -> bool {
    let both = |one: &Probe| attended(block_on, in_peace, |other| [one, other].iter().any(|it| loses(it, wake_later)));
    (0..ATTEMPTS).all(|_| attended(block_on, in_peace, both))
}

fn loses(probe: &Probe, then: fn(&Probe)) -> bool {
    (2..=3).any(|poll| {
        then(probe);
        !probe.polled(poll, PATIENCE)
    })
}

/// Runs a future on this thread. From its first poll, another thread attends it, and then makes sure that it ends.
pub(super) fn attended<T: Send>(block_on: BlockOn, during: During, look: impl FnOnce(&Probe) -> T + Send) -> T {
    let probe = Probe::default();
    let future = probe.future(block_on, during);
    thread::scope(|scope| {
        let looks = scope.spawn(|| {
            probe.polled(1, Duration::MAX);
            let seen = look(&probe);
            probe.end();
            seen
        });
        // An earlier unpark of this thread must not reach the answer.
        thread::park_timeout(Duration::ZERO);
        block_on(future);
        looks.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

/// What a future and the attending thread share.
#[derive(Default)]
pub(super) struct State {
    pub(super) polls: usize,
    poller: Option<(Waker, Thread)>,
    /// The directory of the polling thread below `/proc`, on Linux.
    task: PathBuf,
    /// How many nanoseconds of a processor it had used at its last poll.
    used: u64,
    pub(super) may_end: bool,
    is_gone: bool,
}

#[derive(Clone, Default)]
pub(super) struct Probe(Arc<(Mutex<State>, Condvar)>);

impl Probe {
    pub(super) fn future(&self, block_on: BlockOn, during: During) -> Pin<Box<Probed>> {
        Box::pin(Probed { probe: self.clone(), block_on, during })
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the future was polled this many times, or was dropped. Returns whether it was polled.
    pub(super) fn polled(&self, times: usize, patience: Duration) -> bool {
        let waits = |state: &mut State| state.polls < times && !state.is_gone;
        let (state, _) =
            self.0.1.wait_timeout_while(self.lock(), patience, waits).unwrap_or_else(PoisonError::into_inner);
        state.polls >= times
    }

    /// Wakes it by reference after each odd poll, and by value after each even one.
    pub(super) fn wake(&self) {
        let poller = self.lock().poller.clone();
        let by_value = self.lock().polls.is_multiple_of(2);
        match poller {
            Some((waker, _)) if by_value => waker.wake(),
            poller => drop(poller.inspect(|(waker, _)| waker.wake_by_ref())),
        }
    }

    /// How often the polling thread gives up or loses a processor in a fifth of a second. 0 where the system does not tell.
    pub(super) fn turns(&self) -> u64 {
        let status = format!("/proc/{}/status", self.lock().task.display());
        let count = || {
            let status = std::fs::read_to_string(&status).unwrap_or_default();
            let number = |line: &str| line.split_once("ctxt_switches:")?.1.trim().parse::<u64>().ok();
            status.lines().filter_map(number).sum::<u64>()
        };
        self.polled(usize::MAX, ms(20));
        let before = count();
        self.polled(usize::MAX, PATIENCE);
        count() - before
    }

    /// How many milliseconds of a processor the polling thread used since its last poll. 0 where the system does not tell.
    pub(super) fn used(&self) -> u64 {
        let state = self.lock();
        used_by(&state.task).saturating_sub(state.used) / 1_000_000
    }

    /// Whether the polling thread sleeps only up to some moment. False where the system does not tell.
    pub(super) fn has_a_limit(&self) -> bool {
        // The number of the call `futex`, with which a thread of Rust waits. Its fourth argument points to the limit.
        let futex = if cfg!(target_arch = "aarch64") { "98" } else { "202" };
        let call = std::fs::read_to_string(format!("/proc/{}/syscall", self.lock().task.display()));
        let call = call.unwrap_or_default();
        let words: Vec<_> = call.split_whitespace().collect();
        cfg!(target_pointer_width = "64")
            && words.first() == Some(&futex)
            && words.get(4).is_some_and(|limit| *limit != "0x0")
    }

    fn unpark(&self) {
        self.lock().poller.iter().for_each(|(_, thread)| thread.unpark());
    }

    /// Lets the future end, and also an answer that missed a wake.
    fn end(&self) {
        self.lock().may_end = true;
        while !self.lock().is_gone {
            self.wake();
            self.unpark();
            self.polled(usize::MAX, ms(10));
        }
    }
}

/// How many nanoseconds of a processor a thread has used so far.
fn used_by(task: &Path) -> u64 {
    let times = std::fs::read_to_string(format!("/proc/{}/schedstat", task.display())).unwrap_or_default();
    times.split(' ').next().and_then(|used| used.parse().ok()).unwrap_or_default()
}

/// A future that is ready when it may end.
pub(super) struct Probed {
    probe: Probe,
    block_on: BlockOn,
    during: During,
}

impl Future for Probed {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.probe.lock();
        state.polls += 1;
        state.poller = Some((context.waker().clone(), thread::current()));
        state.task = std::fs::read_link("/proc/thread-self").unwrap_or_default();
        state.used = used_by(&state.task);
        let (poll, ready) = (state.polls, state.may_end);
        drop(state);
        self.probe.0.1.notify_all();
        (self.during)(poll, context.waker(), self.block_on);
        if ready { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for Probed {
    fn drop(&mut self) {
        self.probe.lock().is_gone = true;
        self.probe.0.1.notify_all();
    }
}
