//! The checks of `timeouts/shared_deadline`.

use std::process::ExitCode;
use std::time::Duration;

use exam::{Exam, Failure, Judgement, Reply, Run, Service, fault, ms, seconds, seconds_apart};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use given::Limits;

type Answer = Result<String, Option<Failure>>;

fn main() -> ExitCode {
    let exam = Exam::new(
        "timeouts/shared_deadline",
        async |(service, limits)| solution::ask_within(service, limits).await,
        async |(service, limits)| answer::ask_within(service, limits).await,
    )
    .check_each("asks again, a pause after each failure", [|| (busy_twice(), limits(400, 150, 2_000)), || (busy_twice(), limits(400, 3, 2_000))], |mine, possible| {
            asks_at_the_same_times(mine, possible, "The next attempt begins a pause after the last one has failed.")?;
            returns_what_is_right(mine, possible, "Return what the service answers in the end.")
        },
    )
    .check_each(
        "gives up an attempt that says nothing",
        [|| (late(Reply::never()), limits(300, 150, 2_000)), || (late(Reply::err(ms(100), "is busy")), limits(300, 150, 2_000))],
        |mine, possible| {
            const WHY: &str = "A service that does not answer may never do so. `limits.each` ends one attempt, and the next attempt comes after the pause.";
            if mine.peak("") > 1 {
                return fault("An attempt that took too long was still under way when the next one began.", WHY);
            }
            asks_at_the_same_times(mine, possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)?;
            mine.leaves_nothing_running(
                "The attempt without an answer is still under way. A timeout around the handle of a task ends the wait, and not the task.",
            )
        },
    );
    when_the_time_is_over(exam)
        .sleeps_while_nothing_comes(|| (busy_twice(), limits(400, 150, 2_000)))
        .check_each(
            "takes an answer that comes at the last moment",
            [at_the_last_moment, || (Service::new("price", Reply::ok(ms(3_000_000), "42")), limits(3_100_000, 150, 3_200_000))],
            |mine, possible| {
                returns_what_is_right(
                    mine,
                    possible,
                    "The answer came just before the end. An attempt *may* take `limits.each`. You cannot know in advance how long it takes.",
                )
            },
        )
        .check_each("returns an answer unchanged", [|| (says(""), limits(400, 150, 2_000)), || (says(" 42 "), limits(400, 150, 2_000))], |mine, possible| {
            mine.made_the_calls_of(possible, "An empty text is an answer.")?;
            returns_what_is_right(mine, possible, "Return the service's text unchanged, with its blanks.")
        })
        .check_each("accepts any limits", [
            || (busy_twice(), Limits { budget: Duration::MAX, ..limits(400, 150, 0) }),
            || (busy_twice(), Limits { each: Duration::MAX, ..limits(0, 150, 2_000) }),
            || (busy_twice(), limits(400, 0, 2_000)),
            || (says("42"), limits(0, 150, 1_000)),
            || (says("42"), limits(400, 150, 0)),
            || (always_busy(), Limits { budget: Duration::from_micros(750_500), ..limits(400, 250, 0) }),
        ], |mine, possible| {
            const WHY: &str = "Each limit may be zero, which means no time at all, or `Duration::MAX`, or a fraction of a millisecond. \
                `Instant::now() + Duration::MAX` panics, and so do a difference of durations below zero and an `interval` of zero.";
            in_time(mine, possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)
        })
        .check_each("asks as often as the time allows", [very_often, || (Service::new("price", Reply::err(ms(10), "is busy")), limits(400, 3, 10_000))], |mine, possible| {
            const WHY: &str = "The limits come from your caller, and here the budget is fifty minutes, or the pause is 3 ms. \
                If your answer sets a shorter limit, or a number of attempts, it gives up too early.";
            asks_at_the_same_times(mine, possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)
        })
        .stops_with_its_caller(
            [
                (0, || (says("42"), limits(400, 150, 2_000))),
                (250, || (Service::new("price", Reply::ok(ms(1_900), "42")), limits(2_000, 50, 3_000))),
                (600, || (late(Reply::err(ms(100), "is busy")), limits(900, 50, 3_000))),
            ],
            "The caller's timeout drops your future and what it awaits. A task goes on, unless its owner aborts it when the owner is dropped.",
        )
        .verdict()
}

fn when_the_time_is_over(exam: Exam<(Service, Limits), Answer>) -> Exam<(Service, Limits), Answer> {
    exam.check_each("ends an attempt when the budget is over", [|| (always_busy(), limits(400, 150, 1_000)), || (Service::new("price", Reply::never()), limits(2_000, 150, 1_000))], |mine, possible| {
            in_time(
                mine,
                possible,
                "A limit for each attempt does not limit all of them. \
                 If you check the clock between two attempts, you end no attempt that is under way. Put the budget around the whole loop.",
            )?;
            mine.leaves_nothing_running("The attempt that was under way goes on. It is a task, and you ended only the wait for it.")
        },
    )
    .if_it_never_ends(
        "Nothing ends the whole loop. A limit that starts again with every attempt does not end it. \
         A clock that is not Tokio's, such as `std::time::Instant`, stands still where Tokio's time is virtual.",
    )
    .check_each("ends a pause when the budget is over", [|| (always_busy(), limits(400, 350, 1_000))], |mine, possible| {
            in_time(mine, possible, "Pauses are part of the budget, because your caller also waits for them.")
        },
    )
    .check_each("returns the last failure", [|| (always_busy(), limits(400, 350, 1_000))], |mine, possible| {
            returns_what_is_right(
                mine,
                possible,
                "Your caller logs why there is no price. That the time is over does not say it; the service's last failure does.",
            )
        },
    )
    .check(
        "remembers the failure when later attempts say nothing",
        async |ask_within| {
            let then_silent = Service::new("price", Reply::err(ms(250), "is busy")).then(Reply::never());
            let told = ask_within((then_silent, limits(300, 70, 1_000))).await;
            let silent = ask_within((Service::new("nobody", Reply::never()), limits(300, 70, 1_000))).await;
            // An attempt that returned nothing left no failure.
            if silent == Err(None) { told } else { silent }
        },
        |mine, possible| {
            in_time(mine, possible, "The budget is over while an attempt waits. That ends the attempt, too.")?;
            returns_what_is_right(
                mine,
                possible,
                "An attempt without an answer does not erase an earlier failure. Return the last failure that came.",
            )
        },
    )
}

const fn limits(each: u64, pause: u64, budget: u64) -> Limits {
    Limits { each: ms(each), pause: ms(pause), budget: ms(budget) }
}

fn busy_twice() -> Service {
    let busy = Service::new("price", Reply::err(ms(350), "is busy"));
    busy.then(Reply::err(ms(100), "is full")).then(Reply::ok(ms(200), "42"))
}

/// Replies like this first. The second reply comes too late, and the third in time.
fn late(first: Reply) -> Service {
    Service::new("price", first).then(Reply::ok(ms(500), "too late")).then(Reply::ok(ms(200), "42"))
}

fn says(text: &str) -> Service {
    Service::new("price", Reply::ok(ms(200), text)).then(Reply::ok(ms(50), "from a second call"))
}

/// The third attempt begins 220 ms before the end, and answers after 190.
fn at_the_last_moment() -> (Service, Limits) {
    let late = Service::new("price", Reply::err(ms(390), "is busy")).then(Reply::err(ms(250), "is full"));
    (late.then(Reply::ok(ms(190), "42")), limits(400, 70, 1_000))
}

/// Some attempts get no answer, one takes long, and then thousands fail.
fn very_often() -> (Service, Limits) {
    let silent = (0..6).fold(Service::new("price", Reply::never()), |silent, _| silent.then(Reply::never()));
    let busy = silent.then(Reply::err(ms(15_000), "is slow")).then(Reply::err(ms(10), "is busy"));
    (busy, limits(20_000, 250, 3_000_000))
}

/// Each failure has another reason.
fn always_busy() -> Service {
    let busy = Service::new("price", Reply::err(ms(250), "is busy"));
    busy.then(Reply::err(ms(350), "is full")).then(Reply::err(ms(380), "is tired"))
}

fn asks_at_the_same_times(mine: &Run<Answer>, possible: &Run<Answer>, why: &str) -> Judgement {
    let starts = |run: &Run<Answer>| run.calls("").filter_map(exam::Lane::started).collect::<Vec<_>>();
    let (mine, right) = (starts(mine), starts(possible));
    let (said, wanted) = (words(&mine), words(&right));
    if mine == right { Ok(()) } else { fault(format!("Your answer asked {said}; right is {wanted}."), why) }
}

fn words(starts: &[u64]) -> String {
    match starts {
        [] => "never".to_owned(),
        [only] => format!("once, at {}", seconds(*only)),
        [first, .., last] => format!("{} times, from {} to {}", starts.len(), seconds(*first), seconds(*last)),
    }
}

fn in_time(mine: &Run<Answer>, possible: &Run<Answer>, why: &str) -> Judgement {
    if mine.took() > possible.took() {
        let (returned, promised) = seconds_apart(mine.took(), possible.took());
        return fault(format!("Your answer returned at {returned}, where {promised} was promised."), why);
    }
    Ok(())
}

fn returns_what_is_right(mine: &Run<Answer>, possible: &Run<Answer>, why: &str) -> Judgement {
    let word = |answer: &Answer| match answer {
        Ok(answer) => format!("the answer `{answer}`"),
        Err(Some(failure)) => format!("the failure `{failure}`"),
        Err(None) => "no failure".to_owned(),
    };
    mine.returns_what_is_right(possible, word, why)
}
