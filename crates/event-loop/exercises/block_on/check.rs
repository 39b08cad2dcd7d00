//! The checks of `event-loop/block_on`.

use std::panic::{catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use exam::{Exam, Judgement, Run, fault, ms};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

/// The function of this exercise; a pointer, which other threads may call.
type BlockOn = fn(Pin<Box<Probed>>);

const BUSY: &str = "A loop that looks without a pause keeps a core busy. A loop that sleeps and looks comes late. Park the thread, and let the waker unpark it.";

/// What a future does while it is polled for the nth time.
type During = fn(usize, &Waker, BlockOn);

/// How long a poll may take to come before its wake counts as lost. A right answer makes nobody wait for it.
const PATIENCE: Duration = ms(200);

/// A wake is lost if it is lost so many times in a row: a machine may stand still once.
const ATTEMPTS: usize = 3;

fn main() -> ExitCode {
    let exam = Exam::new(
        "event-loop/block_on",
        async |()| (|future| solution::block_on(future)) as BlockOn,
        async |()| (|future| answer::block_on(future)) as BlockOn,
    )
    .check(
        "polls no more when the future is ready",
        async |make| {
            let (block_on, probe) = (make(()).await, Probe::default());
            probe.lock().may_end = true;
            block_on(probe.future(block_on, in_peace));
            probe.lock().polls
        },
        |mine, _| match mine.output {
            1 => Ok(()),
            polls => fault(
                format!("The future was ready at its first poll, and you polled it {polls} times."),
                "A future that was ready must not be polled again: an async fn panics then. Keep what the poll returned.",
            ),
        },
    )
    .check(
        "does nothing until it is woken",
        async |make| {
            attended(make(()).await, in_peace, |probe| {
                let turns = probe.turns();
                (probe.lock().polls - 1, turns)
            })
        },
        |mine, _| asleep(mine.output),
    )
    .check(
        "goes on as often as it is woken",
        async |make| {
            let block_on = make(()).await;
            let five_wakes = |probe: &Probe| {
                (1..=5).filter(|poll| probe.polled(*poll, PATIENCE)).for_each(|_| wake_later(probe));
                probe.polled(6, PATIENCE);
                probe.lock().polls
            };
            catch_unwind(|| attended(block_on, in_peace, five_wakes)).ok()
        },
        |mine, _| match mine.output {
            None => fault(
                "The future was woken, it was pending again, and your answer panicked.",
                "A wake does not say that the future is ready. It asks for a poll, and the future may need many of them.",
            ),
            Some(polls) if polls > 6 => fault(
                format!("The future was woken five times, and you polled it {polls} times, where six are enough."),
                "One poll at the beginning, and one after each wake: the future has nothing to say in between.",
            ),
            _ => Ok(()),
        },
    )
    .check(
        "goes on when another thread wakes it",
        async |make| loses_a_wake(make(()).await, in_peace, wake_later),
        heard("Another thread called the waker", "The waker that you hand to `poll` must unpark the thread that polls."),
    )
    .check(
        "hears a wake that comes while it polls",
        async |make| loses_a_wake(make(()).await, wakes_itself, |_| ()),
        heard("The future woke itself while it was polled", "Such a wake asks for one more poll. If you reset a flag after the poll, you forget the wake: reset it before, or swap it when you look."),
    )
    .check(
        "does not take every end of a park for a wake",
        async |make| attended(make(()).await, in_peace, is_fooled),
        |mine, _| {
            if !mine.output {
                return Ok(());
            }
            fault(
                "Your thread was unparked, nothing woke the future, and you polled it again.",
                "`park` may return for no reason, and other code may unpark your thread. Your waker sets a flag: park until the flag is set.",
            )
        },
    )
    .check(
        "hears a wake although the future has parked the thread",
        async |make| loses_a_wake(make(()).await, wakes_itself_and_parks, |_| ()),
        heard("The future was woken and then parked the thread for a moment, as a blocking call does", "That park has used up the token of your `unpark`. Look at your flag before you park."),
    );
    at_other_places(exam).verdict()
}

/// The checks with other threads, another call, and many wakes.
fn at_other_places(exam: Exam<(), BlockOn>) -> Exam<(), BlockOn> {
    exam.check(
        "has a waker of its own on every thread",
        async |make| {
            let block_on = make(()).await;
            attended(block_on, in_peace, |_| ());
            let elsewhere = thread::spawn(move || loses_a_wake(block_on, in_peace, wake_later));
            elsewhere.join().unwrap_or_else(|panic| resume_unwind(panic))
        },
        heard("Your function ran on one thread and then on a second one. There, another thread called the waker", "The waker still unparks the first thread. Make a waker in each call."),
    )
    .check(
        "may be called inside of itself",
        async |make| loses_a_wake(make(()).await, wakes_itself_and_nests, |_| ()),
        heard("The future was woken, and then called your function for another future", "The inner call has used up the wake of the outer one, because both have one flag. Make a flag in each call."),
    )
    .check(
        "hears each of a thousand wakes",
        async |make| {
            let block_on = make(()).await;
            let attempts = (0..ATTEMPTS).map(|_| attended(block_on, in_peace, first_of_a_thousand_lost));
            attempts.reduce(Option::and).flatten()
        },
        |mine, _| match mine.output {
            None => Ok(()),
            Some(number) => fault(
                format!("Another thread woke the future again and again, each time at once after a poll. Wake {number} was lost."),
                "Your thread looked between the two steps of the waker. First note the wake, then unpark: whoever is unparked looks at once.",
            ),
        },
    )
}

fn heard(what: &'static str, why: &'static str) -> impl Fn(&Run<bool>, &Run<bool>) -> Judgement {
    move |mine, _| if mine.output { fault(format!("{what}, and no poll came."), why) } else { Ok(()) }
}

fn asleep(polls_and_turns: (usize, u64)) -> Judgement {
    match polls_and_turns {
        (0, 0..=2) => Ok(()),
        (0, turns) => fault(format!("Nothing woke the future, and your thread woke up {turns} times in 0.2 s."), BUSY),
        (1, _) => fault("Nothing woke the future, and you polled it again.", BUSY),
        (polls, _) => fault(format!("Nothing woke the future, and you polled it again, {polls} times in 0.2 s."), BUSY),
    }
}

fn in_peace(_: usize, _: &Waker, _: BlockOn) {}

fn wakes_itself(poll: usize, waker: &Waker, _: BlockOn) {
    if poll <= 2 {
        waker.wake_by_ref();
    }
}

fn wakes_itself_and_parks(poll: usize, waker: &Waker, block_on: BlockOn) {
    wakes_itself(poll, waker, block_on);
    thread::park_timeout(ms(1));
}

fn wakes_itself_and_nests(poll: usize, waker: &Waker, block_on: BlockOn) {
    wakes_itself(poll, waker, block_on);
    if poll <= 2 {
        attended(block_on, wakes_itself, |inner| inner.polled(3, PATIENCE));
    }
}

/// Wakes the future when it has been pending for a while.
fn wake_later(probe: &Probe) {
    probe.polled(usize::MAX, ms(20));
    probe.wake();
}

/// The first of many wakes after which no poll comes, each of them at once after the poll before.
fn first_of_a_thousand_lost(probe: &Probe) -> Option<usize> {
    (1..=1_000).find(|wakes| {
        probe.wake();
        !probe.polled(wakes + 1, 2 * PATIENCE)
    })
}

/// Whether a poll comes because the thread is unparked, after the first poll or after the second.
fn is_fooled(probe: &Probe) -> bool {
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
fn loses_a_wake(block_on: BlockOn, during: During, then: fn(&Probe)) -> bool {
    (0..ATTEMPTS).all(|_| {
        attended(block_on, during, |probe| {
            (2..=3).any(|poll| {
                then(probe);
                !probe.polled(poll, PATIENCE)
            })
        })
    })
}

/// Runs a future on this thread, while another thread looks on from its first poll, and then sees to it that it ends.
fn attended<T: Send>(block_on: BlockOn, during: During, look: impl FnOnce(&Probe) -> T + Send) -> T {
    let probe = Probe::default();
    let future = probe.future(block_on, during);
    thread::scope(|scope| {
        let looks = scope.spawn(|| {
            probe.polled(1, Duration::MAX);
            let seen = look(&probe);
            probe.end();
            seen
        });
        // What unparked this thread before is nothing to the answer.
        thread::park_timeout(Duration::ZERO);
        block_on(future);
        looks.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

/// What a future and the one who attends it know together.
#[derive(Default)]
struct State {
    polls: usize,
    poller: Option<(Waker, Thread)>,
    /// Where Linux has the thread that polls, below `/proc`.
    task: PathBuf,
    may_end: bool,
    is_gone: bool,
}

#[derive(Clone, Default)]
struct Probe(Arc<(Mutex<State>, Condvar)>);

impl Probe {
    fn future(&self, block_on: BlockOn, during: During) -> Pin<Box<Probed>> {
        Box::pin(Probed { probe: self.clone(), block_on, during })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the future was polled so many times, or is gone; whether it was polled.
    fn polled(&self, times: usize, patience: Duration) -> bool {
        let waits = |state: &mut State| state.polls < times && !state.is_gone;
        let (state, _) =
            self.0.1.wait_timeout_while(self.lock(), patience, waits).unwrap_or_else(PoisonError::into_inner);
        state.polls >= times
    }

    fn wake(&self) {
        let poller = self.lock().poller.clone();
        poller.inspect(|(waker, _)| waker.wake_by_ref());
    }

    /// How often the thread that polled gives up a processor, or loses it, in a fifth of a second; 0 where no system tells.
    fn turns(&self) -> u64 {
        let status = format!("/proc/{}/status", self.lock().task.display());
        let count = || {
            let status = std::fs::read_to_string(&status).unwrap_or_default();
            let counts =
                status.lines().filter_map(|line| line.split_once("ctxt_switches:")?.1.trim().parse::<u64>().ok());
            counts.sum::<u64>()
        };
        self.polled(usize::MAX, ms(20));
        let before = count();
        self.polled(usize::MAX, PATIENCE);
        count() - before
    }

    fn unpark(&self) {
        self.lock().poller.iter().for_each(|(_, thread)| thread.unpark());
    }

    /// Lets the future end, and an answer that is deaf go on.
    fn end(&self) {
        self.lock().may_end = true;
        while !self.lock().is_gone {
            self.wake();
            self.unpark();
            self.polled(usize::MAX, ms(10));
        }
    }
}

/// A future that is ready when it may end.
struct Probed {
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
