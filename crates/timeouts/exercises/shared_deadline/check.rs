//! The checks of `timeouts/shared_deadline`.

use std::process::ExitCode;

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
            returns_what_is_right(mine, possible, "What the service says in the end is the answer.")
        },
    )
    .check_each(
        "gives up an attempt that says nothing",
        [|| (late(Reply::never()), limits(300, 150, 2_000)), || (late(Reply::err(ms(100), "is busy")), limits(300, 150, 2_000))],
        |mine, possible| {
            const WHY: &str = "A service that says nothing may do so for ever. `limits.each` ends one attempt, and the next one comes after the pause.";
            if mine.peak("") > 1 {
                return fault("An attempt that took too long was still under way when the next one began.", WHY);
            }
            asks_at_the_same_times(mine, possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)?;
            mine.leaves_nothing_running(
                "The attempt that says nothing is still under way: a timeout around the handle of a task ends the waiting, and not the task.",
            )
        },
    );
    when_the_time_is_over(exam)
        .sleeps_while_nothing_comes(|| (busy_twice(), limits(400, 150, 2_000)))
        .check_each(
            "takes an answer that comes at the last moment",
            [at_the_last_moment, || (Service::new("price", Reply::ok(ms(1_100_000), "42")), limits(1_200_000, 150, 1_500_000))],
            |mine, possible| {
                returns_what_is_right(
                    mine,
                    possible,
                    "It came just before the end. An attempt *may* take `limits.each`, which is for the caller to say; whether it takes so long, nobody knows before.",
                )
            },
        )
        .check_each("takes an answer as it is", [|| (says(""), limits(400, 150, 2_000)), || (says(" 42 "), limits(400, 150, 2_000))], |mine, possible| {
            mine.made_the_calls_of(possible, "An empty text is an answer.")?;
            returns_what_is_right(mine, possible, "An answer is what the service said, with its blanks.")
        })
        .check_each("asks as often as the time allows", [very_often], |mine, possible| {
            const WHY: &str = "The limits are those of the caller, who has promised fifty minutes here. \
                Whoever thinks that nobody waits so long, or that so many attempts are enough, breaks the promise.";
            asks_at_the_same_times(mine, possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)
        })
        .stops_with_its_caller(
            [
                (250, || (Service::new("price", Reply::ok(ms(1_900), "42")), limits(2_000, 50, 3_000))),
                (600, || (late(Reply::err(ms(100), "is busy")), limits(900, 50, 3_000))),
            ],
            "The caller's timeout drops your future, and what it awaits ends with it. A task goes on, unless a value owns it that aborts it when it is dropped.",
        )
        .verdict()
}

fn when_the_time_is_over(exam: Exam<(Service, Limits), Answer>) -> Exam<(Service, Limits), Answer> {
    exam.check_each("ends an attempt when the budget is over", [|| (always_busy(), limits(400, 150, 1_000)), || (Service::new("price", Reply::never()), limits(2_000, 150, 1_000))], |mine, possible| {
            in_time(
                mine,
                possible,
                "A limit for each attempt is no limit for all, and a look at the clock between two attempts ends none that is under way. \
                 The budget belongs around all of it.",
            )?;
            mine.leaves_nothing_running("The attempt that was under way goes on: it is a task, and what you ended was only the wait for it.")
        },
    )
    .if_it_never_ends(
        "Nothing ends the whole. A limit that begins anew with every attempt never does; \
         and a clock that is not Tokio's, such as `std::time::Instant`, stands still where Tokio's time is virtual.",
    )
    .check_each("ends a pause when the budget is over", [|| (always_busy(), limits(400, 350, 1_000))], |mine, possible| {
            in_time(mine, possible, "Pauses are part of the budget: who waits for the answer waits for them as well.")
        },
    )
    .check_each("returns the last failure", [|| (always_busy(), limits(400, 350, 1_000))], |mine, possible| {
            returns_what_is_right(
                mine,
                possible,
                "That it took too long is not the reason. What the service said last is, and whoever reads the log needs it.",
            )
        },
    )
    .check(
        "remembers the failure when later attempts say nothing",
        async |ask_within| {
            let then_silent = Service::new("price", Reply::err(ms(250), "is busy")).then(Reply::never());
            let told = ask_within((then_silent, limits(300, 70, 1_000))).await;
            let silent = ask_within((Service::new("nobody", Reply::never()), limits(300, 70, 1_000))).await;
            // There is no failure where nothing was said.
            if silent == Err(None) { told } else { silent }
        },
        |mine, possible| {
            in_time(mine, possible, "The budget is over while an attempt says nothing, and so is that attempt.")?;
            returns_what_is_right(
                mine,
                possible,
                "An attempt that says nothing takes nothing back: the last failure is the last one that was heard of.",
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

/// After this, it would answer too late, and then in time.
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

/// Some say nothing, one takes its time, and then thousands are busy.
fn very_often() -> (Service, Limits) {
    let silent = (0..6).fold(Service::new("price", Reply::never()), |silent, _| silent.then(Reply::never()));
    let busy = silent.then(Reply::err(ms(15_000), "is slow")).then(Reply::err(ms(10), "is busy"));
    (busy, limits(20_000, 700, 3_000_000))
}

/// Each time it has another reason.
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
