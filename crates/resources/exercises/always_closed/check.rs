//! The checks of `resources/always_closed`.

use std::process::ExitCode;

use exam::{Exam, Failure, Judgement, Outcome, Reply, Run, fault, ms, times};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use scenes::{CLOSES, Job, PATIENT, Replies, TRACKER, job};

const AWAITED: &str = "Await the close of the cache, then the close of the database, \
    and return only then. A detached task may close too late.";

fn main() -> ExitCode {
    let exam = Exam::new(
        "resources/always_closed",
        async |(tracker, first, second, work)| solution::always_closed(tracker, first, second, work).await,
        async |(tracker, first, second, work)| answer::always_closed(tracker, first, second, work).await,
    )
    .check(
        "closes both after the work, the last opened first",
        async |call| job(call, Replies::good(), PATIENT).await,
        |mine, possible| {
            closed(mine, possible, AWAITED)?;
            returns_what_is_right(mine, possible, "Return the answer of the work after the closes.")?;
            mine.returns_in_time(
                possible,
                "always_closed",
                "Both closes have ended. The tracker has other tasks, which you need not wait for.",
            )
        },
    )
    .check(
        "closes both after a failure of the work",
        async |call| job(call, Replies { work: Reply::err(ms(500), "is down"), ..Replies::good() }, PATIENT).await,
        |mine, possible| {
            closed(
                mine,
                possible,
                "A `?` returns before the closes below it. Keep the result, close, and return it then.",
            )?;
            returns_what_is_right(mine, possible, "The caller wants to know that the work failed.")
        },
    )
    .check(
        "closes the first if the second does not open",
        async |call| job(call, Replies { opens: Reply::err(ms(200), "refuses"), ..Replies::good() }, PATIENT).await,
        |mine, possible| {
            closed(mine, possible, "The cache refuses, but the database is open. Close the database.")?;
            returns_what_is_right(mine, possible, "The caller wants to know that the cache refused.")
        },
    )
    .check(
        "opens nothing else if the first does not open",
        async |call| {
            job(call, Replies { opens_first: Reply::err(ms(200), "is away"), ..Replies::good() }, PATIENT).await
        },
        |mine, possible| {
            closed(
                mine,
                possible,
                "The database refuses. Nothing is open, so there is nothing to close, and nothing more to open.",
            )?;
            returns_what_is_right(mine, possible, "The caller wants to know that the database refused.")
        },
    );
    with_ends_of_the_caller(with_failing_closes(exam)).verdict()
}

type Exams = Exam<Job, Result<String, Failure>>;

fn with_failing_closes(exam: Exams) -> Exams {
    const WHY: &str =
        "Run both closes, even if one fails. Return the failure of the work first, because it shows the cause.";
    exam.check(
        "returns the failure of a close, after both",
        async |call| job(call, Replies::closes_fail(), PATIENT).await,
        |mine, possible| {
            closed(mine, possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)
        },
    )
    .check(
        "returns the failure of a close, even if it is the only one",
        async |call| {
            let [_, closes] = Replies::closes_fail().closes;
            job(call, Replies { closes: [Reply::ok(ms(300), "bye"), closes], ..Replies::good() }, PATIENT).await
        },
        |mine, possible| {
            closed(mine, possible, WHY)?;
            returns_what_is_right(mine, possible, "The cache closed well, and the database did not. Your caller wants to know that, too.")
        },
    )
    .check(
        "does not hide the failure of the work",
        async |call| {
            job(call, Replies { work: Reply::err(ms(500), "is down"), ..Replies::closes_fail() }, PATIENT).await
        },
        |mine, possible| {
            closed(mine, possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)
        },
    )
    .check(
        "does not hide that the second did not open",
        async |call| job(call, Replies { opens: Reply::err(ms(200), "refuses"), ..Replies::closes_fail() }, PATIENT).await,
        |mine, possible| {
            const WHY: &str = "The cache did not open, and then the close of the database failed as well. The caller wants to know the first of the two.";
            closed(mine, possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)
        },
    )
    .check(
        "closes both after a panic of the work, and passes it on",
        async |call| {
            let work = Reply::panics(ms(500), "counts below zero");
            job(call, Replies { work, ..Replies::closes_fail() }, PATIENT).await
        },
        |mine, possible| {
            closed(
                mine,
                possible,
                "A panic leaves your function immediately. Keep it with `catch_unwind` of `futures` until both are closed.",
            )?;
            returns_what_is_right(mine, possible, "Pass the panic on with `resume_unwind`, even if a close fails.")
        },
    )
    .check(
        "returns a late answer unchanged",
        async |call| {
            let [opens, work] = ["open", " 42 rows\n"].map(|text| Reply::ok(ms(780_000), text));
            job(call, Replies { opens, work, ..Replies::closes_late() }, PATIENT).await
        },
        |mine, possible| {
            closed(mine, possible, "An open, the work and a close can take 13 minutes each. Set no limit.")?;
            returns_what_is_right(mine, possible, "The caller decides how long is too long. Return the answer unchanged.")
        },
    )
}

fn with_ends_of_the_caller(exam: Exams) -> Exams {
    const WHY: &str =
        "Let a drop tell a task of `tracker` to close. After the drop, nothing else may run: no open, and no work.";
    exam.check(
        "closes in a task of the tracker when the caller gives up",
        async |call| job(call, Replies::closes_fail(), ms(700)).await,
        |mine, possible| {
            closed(mine, possible, WHY)?;
            stops(mine, possible, WHY)
        },
    )
    .check(
        "closes the first when the caller gives up while the second opens",
        async |call| job(call, Replies::good(), ms(300)).await,
        |mine, possible| {
            closed(mine, possible, WHY)?;
            stops(mine, possible, WHY)
        },
    )
    .check("opens nothing when the caller gives up while the first opens", async |call| job(call, Replies::good(), ms(100)).await, |mine, possible| {
        closed(mine, possible, WHY)?;
        stops(mine, possible, WHY)
    })
    .check(
        "goes on with the closes when the caller gives up during the first one",
        async |call| job(call, Replies::closes_late(), ms(1_000)).await,
        |mine, possible| {
            closed(mine, possible, "A close that has started goes on, and the other one follows. Let a task do both, so that they do not need your future.")
        },
    )
    .check(
        "goes on with the last close when the caller gives up during it",
        async |call| job(call, Replies::closes_late(), ms(1_000_000)).await,
        |mine, possible| closed(mine, possible, "The cache is closed, and the close of the database has begun. It goes on as well, without your future."),
    )
    .check(
        "closes the first after a panic of the second open, and passes it on",
        async |call| job(call, Replies { opens: Reply::panics(ms(200), "has no socket"), ..Replies::good() }, PATIENT).await,
        |mine, possible| {
            const WHY: &str = "The open of the cache panicked, and the database is open. Catch a panic of the whole job, not only of the work.";
            closed(mine, possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)
        },
    )
}

fn returns_what_is_right(mine: &Run<String>, possible: &Run<String>, why: &str) -> Judgement {
    mine.returns_what_is_right(possible, Clone::clone, why)
}

/// The opens and the work that were under way ended when the caller gave up.
fn stops(mine: &Run<String>, possible: &Run<String>, why: &str) -> Judgement {
    ["open database", "open cache", "work"].into_iter().try_for_each(|name| {
        let went_on = mine.calls(name).next().is_some() && mine.closed(name) > possible.closed(name);
        if went_on { fault(format!("The caller gave up, and `{name}` went on."), why) } else { Ok(()) }
    })
}

/// Each connection was closed as often as in the solution, completely, in the right order, and before the answer returned.
fn closed(mine: &Run<String>, possible: &Run<String>, why: &str) -> Judgement {
    for name in CLOSES {
        let (count, right) = (mine.calls(name).count(), possible.calls(name).count());
        if count != right {
            return fault(
                format!("Your answer called `{name}` {}, where {} is right.", times(count), times(right)),
                why,
            );
        }
        if mine.calls(name).any(|call| !matches!(call.outcome, Some(Outcome::Finished | Outcome::Failed))) {
            return fault(format!("`{name}` started and did not end."), why);
        }
    }
    mine.made_the_calls_of(possible, "Open each resource once, and ask the work once, even if it fails.")?;
    let (until, what) = match mine.recording.lane(TRACKER) {
        Some(_) => (mine.closed(TRACKER), "`tracker.wait()` returned"),
        None => (mine.closed("always_closed"), "Your answer returned"),
    };
    if CLOSES.iter().any(|name| mine.calls(name).any(|call| call.closed > Some(until))) {
        return fault(format!("{what} before both connections were closed."), AWAITED);
    }
    let [cache, database] = CLOSES.map(|name| mine.calls(name).next());
    match (cache, database) {
        (Some(cache), Some(database)) if cache.closed > Some(database.opened) => fault(
            "The close of the database started before the cache was closed.",
            "The cache was opened last, so close it first.",
        ),
        _ => Ok(()),
    }
}
