//! The checks of `event-loop/block_on`.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::process::ExitCode;
use std::thread;

use exam::{Exam, Judgement, Run, fault};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use scenes::{
    ATTEMPTS, BlockOn, PATIENCE, Probe, attended, first_of_a_thousand_lost, in_peace, is_fooled, loses_a_wake,
    loses_a_wake_on_two_threads, wake_later, wakes_itself, wakes_itself_and_nests, wakes_itself_and_parks,
};

const BUSY: &str = "A loop without a pause keeps a core busy. A loop that sleeps and checks notices a wake late. Park the thread, and let the waker unpark it.";

fn main() -> ExitCode {
    let exam = Exam::new(
        "event-loop/block_on",
        async |()| (|future| solution::block_on(future)) as BlockOn,
        async |()| (|future| answer::block_on(future)) as BlockOn,
    )
    .check(
        "does not poll after the future is ready",
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
                "Do not poll a future again after it was ready: an async fn panics then. Keep the output of that poll.",
            ),
        },
    )
    .check(
        "does nothing until it is woken",
        async |make| {
            attended(make(()).await, in_peace, |probe| {
                let (turns, has_a_limit, used) = (probe.turns(), probe.has_a_limit(), probe.used());
                (probe.lock().polls - 1, turns, has_a_limit, used)
            })
        },
        |mine, _| asleep(mine.output),
    )
    .check(
        "polls once after each wake",
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
                "A wake does not mean that the future is ready. It asks for a poll, and the future may need many polls.",
            ),
            Some(polls) if polls > 6 => fault(
                format!("The future was woken five times, and you polled it {polls} times, where six are enough."),
                "Poll once at the beginning, and once after each wake. In between, nothing has changed for the future.",
            ),
            _ => Ok(()),
        },
    )
    .check(
        "polls when another thread wakes the future",
        async |make| loses_a_wake(make(()).await, in_peace, wake_later),
        heard("Another thread called the waker", "The waker that you pass to `poll` must unpark the thread that polls."),
    )
    .check(
        "notices a wake that comes during the poll",
        async |make| loses_a_wake(make(()).await, wakes_itself, |_| ()),
        heard("The future woke itself while it was polled", "Such a wake asks for one more poll. If you reset a flag after the poll, you lose the wake. Reset it before, or swap it when you check it."),
    )
    .check(
        "does not count every end of a park as a wake",
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
        "notices a wake even if the future has parked the thread",
        async |make| loses_a_wake(make(()).await, wakes_itself_and_parks, |_| ()),
        heard("The future was woken and then parked the thread for a moment, as a blocking call does", "That park has used up the token of your `unpark`. Check your flag before you park."),
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
        "runs on two threads at the same time",
        async |make| loses_a_wake_on_two_threads(make(()).await),
        heard("Your function ran on two threads at the same time. A future was woken on one of them", "The wake reached the other thread, or no thread. Use no `static`: make a waker in each call, with its own flag and its own thread."),
    )
    .check(
        "works inside another call of itself",
        async |make| loses_a_wake(make(()).await, wakes_itself_and_nests, |_| ()),
        heard("The future was woken, and then called your function for another future", "The inner call has used up the wake of the outer one, because both have one flag. Make a flag in each call."),
    )
    .check(
        "allows a wake after its end",
        async |make| {
            let (block_on, probe) = (make(()).await, Probe::default());
            probe.lock().may_end = true;
            block_on(probe.future(block_on, in_peace));
            catch_unwind(AssertUnwindSafe(|| probe.wake())).is_err()
        },
        |mine, _| {
            if !mine.output {
                return Ok(());
            }
            fault(
                "The future was ready, your function returned, and then a call of the waker panicked.",
                "Other code may keep a waker, such as a timer, and call it after the end. Then there is nothing to do: do not `unwrap` what the end of your function has dropped.",
            )
        },
    )
    .check(
        "notices each of a thousand wakes",
        async |make| {
            let block_on = make(()).await;
            let attempts = (0..ATTEMPTS).map(|_| attended(block_on, in_peace, first_of_a_thousand_lost));
            attempts.reduce(Option::and).flatten()
        },
        |mine, _| match mine.output {
            None => Ok(()),
            Some(number) => fault(
                format!("Another thread woke the future again and again, each time immediately after a poll. Wake {number} was lost."),
                "Your thread checked between the two steps of the waker. First set the flag, then unpark: an unparked thread checks the flag immediately.",
            ),
        },
    )
}

fn heard(what: &'static str, why: &'static str) -> impl Fn(&Run<bool>, &Run<bool>) -> Judgement {
    move |mine, _| if mine.output { fault(format!("{what}, and no poll came."), why) } else { Ok(()) }
}

fn asleep(polls_turns_limit_and_use: (usize, u64, bool, u64)) -> Judgement {
    match polls_turns_limit_and_use {
        (0, 0..=2, false, 0..=3) => Ok(()),
        (0, 0..=2, false, used) => {
            fault(format!("Nothing woke the future, and your thread computed for {used} ms before it slept."), BUSY)
        }
        (0, 0..=2, true, _) => fault(
            "Nothing woke the future, and your thread sleeps with a time limit. At the limit it wakes up and checks.",
            BUSY,
        ),
        (0, turns, ..) => {
            fault(format!("Nothing woke the future, and your thread woke up {turns} times in 0.2 s."), BUSY)
        }
        (1, ..) => fault("Nothing woke the future, and you polled it again.", BUSY),
        (polls, ..) => {
            fault(format!("Nothing woke the future, and you polled it again, {polls} times in 0.2 s."), BUSY)
        }
    }
}
