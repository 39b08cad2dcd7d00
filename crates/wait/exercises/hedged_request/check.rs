//! The checks of `wait/hedged_request`.

use std::process::ExitCode;
use std::time::Duration;

use exam::{
    Call, Exam, Failure, Judgement, Lane, LaneExt, Micros, Outcome, Reply, Run, Service, fault, ms, seconds, times,
    unless_it_panics,
};
use tokio::time::sleep;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Input = (Service, Service, Duration);
type Output = Result<String, Vec<Failure>>;

/// How long the first may take before the second is asked.
const PATIENCE: Duration = ms(300);

fn main() -> ExitCode {
    let exam = Exam::new(
        "wait/hedged_request",
        async |(first, second, patience)| solution::hedged_request(first, second, patience).await,
        async |(first, second, patience)| answer::hedged_request(first, second, patience).await,
    );
    check_other_patience(check_ends(check_failures(check_patience(exam)))).verdict()
}

/// Which replica is asked when, if no call fails.
fn check_patience(exam: Exam<Input, Output>) -> Exam<Input, Output> {
    exam
    .check(
        "asks only the first when that one is quick",
        async |hedged_request| {
            let answer = request(hedged_request, answers("north", 200), answers("south", 250)).await;
            sleep(ms(250)).lane("the caller goes on").await;
            answer
        },
        |mine, possible| {
            let why = "If you ask both every time, you do all work twice. Ask the second only if the first has not answered when `patience` is over.";
            mine.made_the_calls_of(possible, why)?;
            mine.returns_what_is_right(possible, words, why)
        },
    )
    .check_each("asks the second when patience has run out", [|| (answers("north", 900), answers("south", 250), PATIENCE)], |mine, possible| {
            asked_in_time(
                mine,
                possible,
                "A slow replica does not fail: you only wait. So start the second try while the first is still under way.",
            )
        },
    )
    .check_each("returns as soon as one has answered", [|| (answers("north", 900), answers("south", 250), PATIENCE)], |mine, possible| {
            mine.as_quick_as(possible,
                "One good answer is enough. `join!` and `join_all` wait for both, so a hedge with them is as slow as the slowest.",
            )?;
            mine.returns_what_is_right(possible, words, "The first good answer wins, from either replica.")
        },
    )
    .check_each("lets the first go on beside the second", [|| (answers("north", 500), answers("south", 900), PATIENCE)], |mine, possible| {
            let why = "The first is slow, but may still answer before the second. A timeout drops what it owns at its limit. A call that it only borrows goes on.";
            if let Some(dropped) = mine.calls("north").find(|call| call.outcome == Some(Outcome::Cancelled) && call.closed < Some(possible.took())) {
                let (at, would) = (seconds(dropped.closed.unwrap_or(0)), seconds(possible.took()));
                return fault(
                    format!("Your answer gave up north at {at}. North would have answered at {would}."),
                    why,
                );
            }
            mine.made_the_calls_of(possible, why)?;
            mine.as_quick_as(possible,
                "A future makes progress only while something polls it. While you await the second call, something must also poll the first. Await both in one place.",
            )?;
            mine.returns_what_is_right(possible, words, why)
        },
    )
}

/// A `patience` of zero, a long one, and unusual answers.
fn check_other_patience(exam: Exam<Input, Output>) -> Exam<Input, Output> {
    exam.check_each("asks both at once when patience is zero", [|| (answers("north", 900), answers("south", 250), Duration::ZERO), || (fails("north", 100), answers("south", 250), Duration::ZERO)], |mine, possible| {
        let why = "A patience of zero means: do not wait before you ask the second. A caller that wants no hedge sets a long patience.";
        asked_in_time(mine, possible, why)?;
        right(mine, possible, why)
    })
    .check_each("accepts any patience", [ || (answers("north", 900), answers("south", 250), Duration::MAX), || (fails("north", 400), answers("south", 250), Duration::MAX)], |mine, possible| {
        let why = "The patience may be `Duration::MAX`. `Instant::now() + Duration::MAX` panics. A failure ends any patience.";
        mine.made_the_calls_of(possible, why)?;
        right(mine, possible, why)
    })
    .check_each(
        "has as much patience as its caller",
        [|| (answers("north", 900), answers("south", 250), ms(7)), || (answers("north", 3_300_000), answers("south", 900_000), ms(2_000_000)), || (answers("north", 3_000_000), answers("south", 3_200_000), ms(90_000)),
            || (fails("north", 400), answers("south", 3_000_000), PATIENCE), || (answers("north", 3_000_000), fails("south", 100), PATIENCE)],
        |mine, possible| {
            let why = "These replicas take nearly an hour, some after the other one has failed, and their caller has the time. Your caller decides how long is too long.";
            asked_in_time(mine, possible, why)?;
            right(mine, possible, why)
        },
    )
    .check_each(
        "returns an answer unchanged",
        [|| (says("north", 200, ""), answers("south", 250), PATIENCE), || (answers("north", 900), says("south", 250, " from the south "), PATIENCE)],
        |mine, possible| right(mine, possible, "Return the replica's text unchanged, with its blanks. An empty text is a good answer."),
    )
}

/// One replica fails, or both do, early or late.
fn check_failures(exam: Exam<Input, Output>) -> Exam<Input, Output> {
    exam
    .check_each("goes on with the second when the first fails", [|| (fails("north", 400), answers("south", 650), PATIENCE)], |mine, possible| right(mine, possible, "The first call that ends is not always the first good answer. After a failure, wait for the other replica, without a limit."))
    .check_each("goes on with the first when the second fails", [|| (answers("north", 800), fails("south", 100), PATIENCE)], |mine, possible| right(mine, possible, "The second try failed, and the first is still under way. It may still answer. Treat both alike."))
    .check_each("asks the second immediately when the first fails early", [|| (fails("north", 100), answers("south", 700), PATIENCE)], |mine, possible| {
            let why = "`patience` says when to ask the second, not how long the second may take. After a failure you wait for nothing, so ask the second immediately.";
            asked_in_time(mine, possible, why)?;
            right(mine, possible, why)
        },
    )
    .check_each("returns both failures in the order in which they came", [|| (fails("north", 700), fails("south", 200), PATIENCE)], |mine, possible| right(mine, possible, "South was asked later and failed sooner. To find the cause, your caller needs both failures in the order of time. Keep each failure when it comes."))
    .check_each("returns both failures when the first came early", [|| (fails("north", 100), fails("south", 200), PATIENCE)], |mine, possible| right(mine, possible, "Keep a failure that comes before `patience` is over, too. You need it if the second also fails."))
    .check_each("returns both failures when they are the same", [|| (fails("price", 500), fails("price", 400), PATIENCE), || (fails("price", 100), fails("price", 400), PATIENCE)], |mine, possible| right(mine, possible, "Two replicas have failed. Return two failures, even if both have the same text."),
    )
}

/// What still runs at the end, and a panic.
fn check_ends(exam: Exam<Input, Output>) -> Exam<Input, Output> {
    exam.check_each("cancels the loser", [|| (answers("north", 900), answers("south", 250), PATIENCE), || (answers("north", 500), answers("south", 900), PATIENCE)], |mine, _| {
        mine.leaves_nothing_running(
            "If you drop a `JoinHandle`, its task is detached and keeps running, and no code needs its result. \
             Calls that your own future holds end with it, and the tasks of a `JoinSet` end with the set.",
        )
    })
    .check_each("leaves nothing running after a quick answer", [|| (answers("north", 200), answers("south", 250), PATIENCE)], |mine, _| {
            mine.leaves_nothing_running("A task or timer that waits for the end of `patience` must end with the request.")
        },
    )
    .check(
        "passes on that a call panicked, or does without it",
        async |hedged_request| {
            let panics = |name, after| Service::new(name, Reply::panics(ms(after), "is out of memory")).then(Reply::ok(ms(50), "from a second call"));
            let pairs = [
                (panics("north", 500), answers("south", 400)),
                (panics("north", 100), answers("south", 400)),
                (answers("north", 900), panics("south", 200)),
                (panics("north", 500), panics("south", 100)),
            ];
            let mut outputs = Vec::new();
            for (north, south) in pairs {
                outputs.push(unless_it_panics(request(Call::clone(&hedged_request), north, south)).await);
            }
            outputs.into_iter().flatten().find(Result::is_err)
        },
        |mine, _| {
            for (replica, most) in [("north", 4), ("south", 4)] {
                let count = mine.calls(replica).count();
                if count > most {
                    return fault(format!("A call panicked, and in {most} requests your answer asked {replica} {}.", times(count)), "Ask each replica at most once.");
                }
            }
            mine.hides_no_panic(|output| Some(words(output)))
        },
    )
    .stops_with_its_caller(
        [(0, slow), (150, slow), (400, slow), (650, || (fails("north", 100), answers("south", 700), PATIENCE)), (650, || (fails("north", 500), answers("south", 700), PATIENCE))],
        "A timeout drops your future at an await, and no further line of it runs. \
         So an `abort` that you call after an answer is never called. From the start, each call needs an owner that ends the call when the owner is dropped.",
    )
}

fn slow() -> Input {
    (answers("north", 900), answers("south", 700), PATIENCE)
}

async fn request(hedged_request: Call<Input, Output>, first: Service, second: Service) -> Output {
    hedged_request((first, second, PATIENCE)).await
}

fn answers(name: &str, after: u64) -> Service {
    says(name, after, &format!("from {name}"))
}

fn says(name: &str, after: u64, text: &str) -> Service {
    Service::new(name, Reply::ok(ms(after), text))
}

/// Fails. It would answer a second call, which is a mistake, so that the check ends soon.
fn fails(name: &str, after: u64) -> Service {
    Service::new(name, Reply::err(ms(after), "is down")).then(Reply::ok(ms(50), "from a second call"))
}

/// The calls, the output and the time.
fn right(mine: &Run<Output>, possible: &Run<Output>, why: &str) -> Judgement {
    mine.made_the_calls_of(
        possible,
        "Ask each replica at most once. A second call does not repair a replica that is down.",
    )?;
    mine.returns_what_is_right(possible, words, why)?;
    mine.as_quick_as(possible, why)
}

fn asked_in_time(mine: &Run<Output>, possible: &Run<Output>, why: &str) -> Judgement {
    let asked = |run: &Run<Output>| run.calls("south").next().and_then(Lane::started);
    let (mine, wanted): (_, Micros) = (asked(mine), asked(possible).unwrap_or(0));
    let wanted_at = seconds(wanted);
    match mine {
        None => fault(format!("Your answer never asked south. It should ask south at {wanted_at}."), why),
        Some(at) if at == wanted => Ok(()),
        Some(at) => fault(format!("Your answer asked south at {}, where {wanted_at} is right.", seconds(at)), why),
    }
}

fn words(output: &Output) -> String {
    match output {
        Ok(answer) => format!("the answer `{answer}`"),
        Err(failures) => match failures.as_slice() {
            [] => "an error without a failure".to_owned(),
            [failure] => format!("the failure `{failure}`"),
            [failure, last] => format!("the failures `{failure}` and `{last}`"),
            more => format!("{} failures", more.len()),
        },
    }
}
