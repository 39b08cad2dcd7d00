//! The checks of `task-group/all_or_none`.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::sync::Arc;

use exam::{Call, Exam, Failure, Judgement, LaneExt, Outcome, Reply, Run, Service, fault, ms, seconds_apart};
use futures::FutureExt;
use tokio::sync::Semaphore;
use tokio::time::sleep;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use given::Step;

type Booked = Result<Vec<String>, Vec<Failure>>;
type AllOrNone = Call<Vec<Step>, Booked>;

/// What the answer returned, in words, and whether all lines were free at that instant.
type Seen = (String, bool);

const LINES: usize = 2_000;

fn main() -> ExitCode {
    let exam = Exam::new("task-group/all_or_none", solution::all_or_none, answer::all_or_none)
        .check(
            "runs all steps at once",
            async |book| trip(book, good()).await,
            |mine, possible| {
                mine.made_the_calls_of(possible, "Run each step once.")?;
                mine.as_quick_as(
                    possible,
                    "The other steps need not wait for this one. Spawn all of them, or poll them together, and only then await.",
                )
            },
        )
        .check("returns the texts in the order of the steps", async |book| trip(book, good()).await, |mine, possible| {
            returns_what_is_right(mine, possible, "The flight is the slowest here. `join_next` returns the step that ends first. Let each task also return its step's number.")
        })
        .check(
            "runs a thousand steps at once",
            async |book| book(a_thousand()).await.unwrap_or_default(),
            |mine, possible| {
                mine.made_all_calls_at_once(possible, "step", "Run all steps at the same time. The task does not ask for a limit.")?;
                mine.returns_each_in_its_place(possible, |text| format!("`{text}`"), "Each step has its own text, even if two texts are equal.")
            },
        )
        .check("stops the others at the first failure", async |book| trip(book, one_fails()).await, |mine, possible| {
            stops_in_time(mine, possible, "Without the hotel the other steps are useless, so stop them. `join_next` returns the failure as soon as it comes.")
        })
        .check("returns when every step has ended", async |book| trip(book, one_fails()).await, |mine, _| {
            all_lines_are_free(
                mine,
                "`abort` only asks, and a dropped handle does not even ask. \
                 A task ends when the runtime gets to it. Call `join_next` until the set is empty.",
            )
        })
        .check("reports no failure for a step that was stopped", async |book| trip(book, one_fails()).await, |mine, possible| {
            returns_what_is_right(mine, possible, "Only the hotel has failed. You stopped the other steps.")
        })
        .check("reports every failure", async |book| trip(book, two_fail()).await, |mine, possible| {
            returns_what_is_right(
                mine,
                possible,
                "Both hotels and the car fail at the same instant, and so does the bicycle. After the first failure, also check the results of the other steps: another one may have failed before your abort.",
            )
        })
        .check("reports hundreds of failures at the same instant", async |book| trip(book, hundreds_fail()).await, |mine, _| {
            let failed = mine.calls("hotel").filter(|lane| lane.outcome == Some(Outcome::Failed)).count();
            match mine.output.0.matches("is full").count() {
                told if told == failed => Ok(()),
                told => fault(
                    format!("{failed} steps failed at the same instant, before you stopped the others. You returned {told} failures."),
                    "A step that has failed by itself is no stopped step. Read the results of all steps: a limit, or a queue that is full, loses some of them.",
                ),
            }
        });
    with_other_steps(exam).verdict()
}

fn with_other_steps(exam: Exam<Vec<Step>, Booked>) -> Exam<Vec<Step>, Booked> {
    const PANIC: &str = "After a panic you get a `JoinError`, and `try_into_panic` returns the panic. \
         Keep it, stop the other steps, wait for their end, and then `resume_unwind` it.";
    exam.check(
        "passes on that a step panicked, when all have ended",
        async |book| trip(book, one_panics()).await,
        |mine, possible| {
            returns_what_is_right(mine, possible, PANIC)?;
            stops_in_time(mine, possible, PANIC)?;
            all_lines_are_free(mine, PANIC)
        },
    )
    .check(
        "passes on a panic that comes with a failure",
        async |book| trip(book, one_fails_and_one_panics()).await,
        |mine, possible| {
            returns_what_is_right(mine, possible, "Hotel and car end at the same instant: one fails, the other panics. A panic is a bug, so pass it on, even if a step also failed.")
        },
    )
    .check_each("keeps an empty text, a late one, and an empty list", [odd, Vec::new], |mine, possible| {
        mine.returns_what_is_right(
            possible,
            words,
            "Return each text unchanged, even if it is empty or comes after fifty minutes. Your caller decides how long is too long.",
        )
    })
    .stops_with_its_caller(
        [(150, good), (650, good)],
        "A timeout drops your future at an await, and no further line of it runs. Let an owner hold the tasks, such as a `JoinSet`: it aborts them when it is dropped.",
    )
}

/// Books a trip, checks the lines at the instant at which the answer returns, and waits for a while.
async fn trip(book: AllOrNone, steps: Vec<Step>) -> Seen {
    let lines = steps.first().map(|step| Arc::clone(&step.lines));
    let booked = async {
        AssertUnwindSafe(book(steps))
            .catch_unwind()
            .await
            .map_or_else(|panic| panicked(&*panic), |booked| words(&booked))
    };
    let booked = booked.lane("all_or_none").await;
    let free = lines.is_none_or(|lines| lines.available_permits() == LINES);
    sleep(ms(200)).lane("the caller goes on").await;
    (booked, free)
}

fn steps(replies: impl IntoIterator<Item = (&'static str, Reply)>) -> Vec<Step> {
    let lines = Arc::new(Semaphore::new(LINES));
    let step = |(name, reply)| Step { service: Service::new(name, reply), lines: Arc::clone(&lines) };
    replies.into_iter().map(step).collect()
}

fn a_thousand() -> Vec<Step> {
    steps((0..1_200).map(|number| ("step", Reply::ok(ms(500 + 7 * number % 300), format!("text {}", number / 2)))))
}

/// They end neither in the order of the list nor in its reverse.
fn good() -> Vec<Step> {
    steps([
        ("flight", Reply::ok(ms(900), "seat 7")),
        ("hotel", Reply::ok(ms(200), "room 12")),
        ("car", Reply::ok(ms(600), "a red one")),
    ])
}

fn one_fails() -> Vec<Step> {
    steps([
        ("flight", Reply::ok(ms(900), "seat 7")),
        ("hotel", Reply::err(ms(300), "is full")),
        ("car", Reply::ok(ms(600), "a red one")),
    ])
}

fn two_fail() -> Vec<Step> {
    steps([
        ("flight", Reply::ok(ms(900), "seat 7")),
        ("hotel", Reply::err(ms(300), "is full")),
        ("hotel", Reply::err(ms(300), "is full")),
        ("car", Reply::err(ms(300), "is sold")),
        ("bicycle", Reply::err(ms(300), "is flat")),
    ])
}

/// How many of them end by themselves depends on when an answer stops the others.
fn hundreds_fail() -> Vec<Step> {
    steps((0..400).map(|_| ("hotel", Reply::err(ms(300), "is full"))))
}

fn one_panics() -> Vec<Step> {
    steps([
        ("flight", Reply::ok(ms(900), "seat 7")),
        ("hotel", Reply::panics(ms(300), "counts below zero")),
        ("car", Reply::ok(ms(600), "a red one")),
    ])
}

fn one_fails_and_one_panics() -> Vec<Step> {
    steps([
        ("flight", Reply::ok(ms(900), "seat 7")),
        ("hotel", Reply::err(ms(300), "is full")),
        ("car", Reply::panics(ms(300), "counts below zero")),
    ])
}

fn odd() -> Vec<Step> {
    steps([
        ("flight", Reply::ok(ms(3_000_000), " seat 7 ")),
        ("hotel", Reply::ok(ms(200), "")),
        ("car", Reply::ok(ms(200), "a red one")),
        ("bicycle", Reply::ok(ms(100), "a blue one")),
    ])
}

fn panicked(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref().copied());
    format!("nothing, but panicked with `{}`", text.unwrap_or("something else"))
}

fn words(booked: &Booked) -> String {
    match booked {
        Ok(texts) => format!("the texts `{}`", texts.join("`, `")),
        Err(failures) => {
            let mut failures: Vec<_> = failures.iter().map(ToString::to_string).collect();
            failures.sort_unstable();
            format!("the failures `{}`", failures.join("`, `"))
        }
    }
}

fn returned(run: &Run<Seen>) -> u64 {
    run.recording.lane("all_or_none").and_then(|lane| lane.closed).unwrap_or(run.took())
}

fn stops_in_time(mine: &Run<Seen>, possible: &Run<Seen>, why: &str) -> Judgement {
    if returned(mine) <= returned(possible) {
        return Ok(());
    }
    let (mine, possible) = seconds_apart(returned(mine), returned(possible));
    fault(format!("The hotel failed at {possible}, and your answer returned at {mine}."), why)
}

fn all_lines_are_free(mine: &Run<Seen>, why: &str) -> Judgement {
    if mine.output.1 { Ok(()) } else { fault("When your answer returned, a step still held its line.", why) }
}

fn returns_what_is_right(mine: &Run<Seen>, possible: &Run<Seen>, why: &str) -> Judgement {
    if mine.output.0 == possible.output.0 {
        return Ok(());
    }
    fault(format!("You returned {}, where {} is right.", mine.output.0, possible.output.0), why)
}
