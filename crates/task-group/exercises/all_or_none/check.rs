//! The checks of `task-group/all_or_none`.

use std::process::ExitCode;
use std::rc::Rc;

use exam::{Exam, Judgement, Outcome, Reply, Run, fault, ms, seconds_apart};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use given::Step;
use scenes::{
    Booked, Seen, a_thousand, all_fail, good, looks_late, odd, one_fails, one_fails_and_one_panics, one_of_many,
    one_panics, trip, two_fail, words,
};

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
                mine.made_all_calls_at_once(possible, "step", "Run all steps at the same time: the task says up to 1,000.")?;
                mine.returns_each_in_its_place(possible, |text| format!("`{text}`"), "Each step has its own text, even if two texts are equal.")
            },
        )
        .check("stops the others at the first failure", async |book| trip(book, one_fails()).await, |mine, possible| {
            stops_in_time(mine, possible, "Without the hotel the other steps are useless, so stop them. `join_next` returns the failure as soon as it comes.")
        })
        .check("reports no failure for a step that was stopped", async |book| trip(book, one_fails()).await, |mine, possible| {
            returns_what_is_right(mine, possible, "Only the hotel has failed. You stopped the other steps.")
        })
        .check("returns when every step has ended", async |book| {
            let (words, free) = trip(Rc::clone(&book), one_fails()).await;
            (words, free && trip(book, one_of_many(Reply::err(ms(300), "is full"))).await.1)
        }, |mine, _| {
            all_lines_are_free(
                mine,
                "`abort` only asks, and a dropped handle does not even ask. \
                 A task ends when the runtime gets to it, and with 1,000 tasks that takes many turns. Call `join_next` until the set is empty.",
            )
        })
        .check("reports every failure", async |book| trip(book, two_fail()).await, |mine, possible| {
            returns_what_is_right(
                mine,
                possible,
                "Both hotels and the car fail at the same instant, and so does the bicycle. After the first failure, also check the results of the other steps: another one may have failed before your abort.",
            )
        })
        .check("reports hundreds of failures at the same instant", async |book| trip(looks_late(book), all_fail()).await, |mine, _| {
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
    const PANIC: &str = "After a panic you get a `JoinError`, and `try_into_panic` returns the panic, which need not be a text. \
         Keep it, stop the other steps, wait for their end, and then `resume_unwind` it.";
    exam.check(
        "passes on that a step panicked, when all have ended",
        async |book| {
            let (words, free) = trip(Rc::clone(&book), one_panics()).await;
            (words, free && trip(book, one_of_many(Reply::panics(ms(300), "counts below zero"))).await.1)
        },
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
