//! The checks of `event-loop/block_on`.

use std::panic::{catch_unwind, resume_unwind};
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
    wake_later, wakes_itself, wakes_itself_and_nests, wakes_itself_and_parks,
};

const BUSY: &str = "A loop that looks without a pause keeps a core busy. A loop that sleeps and looks comes late. Park the thread, and let the waker unpark it.";

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
