//! The checks of `resources/always_closed`.

use std::process::ExitCode;
use std::time::Duration;

use exam::{Call, Exam, Failure, Judgement, LaneExt, Outcome, Reply, Run, Service, fault, ms, times, unless_it_panics};
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use given::Resource;

type Job = (TaskTracker, Resource, Resource, Service);
type AlwaysClosed = Call<Job, Result<String, Failure>>;

const PATIENT: Duration = Duration::from_hours(1);
const CLOSES: [&str; 2] = ["close cache", "close database"];

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
            returns_what_is_right(mine, possible, "Return the answer of the work after the closes.")
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
            let [opens, work] = ["open", " 42 rows\n"].map(|text| Reply::ok(ms(700_000), text));
            job(call, Replies { opens, work, ..Replies::closes_late() }, PATIENT).await
        },
        |mine, possible| {
            closed(mine, possible, "An open, the work and a close may take 12 minutes each. Set no limit.")?;
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
        |mine, possible| closed(mine, possible, WHY),
    )
    .check(
        "closes the first when the caller gives up while the second opens",
        async |call| job(call, Replies::good(), ms(300)).await,
        |mine, possible| closed(mine, possible, WHY),
    )
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
}

/// How the resources and the work reply.
struct Replies {
    opens: Reply,
    work: Reply,
    closes: [Reply; 2],
}

impl Replies {
    /// Open at 0.4 s, worked at 0.9 s, closed at 1.2 s and 1.5 s.
    fn good() -> Self {
        let close = || Reply::ok(ms(300), "bye");
        Self { opens: Reply::ok(ms(200), "open"), work: Reply::ok(ms(500), "42 rows"), closes: [close(), close()] }
    }

    fn closes_late() -> Self {
        Self { closes: ["bye", "bye"].map(|text| Reply::ok(ms(700_000), text)), ..Self::good() }
    }

    fn closes_fail() -> Self {
        Self { closes: [Reply::err(ms(300), "hangs up"), Reply::err(ms(300), "has data left")], ..Self::good() }
    }
}

/// Runs the job. Then the program goes on for a while or, if its patience is over, waits for the tracker.
async fn job(call: AlwaysClosed, replies: Replies, patience: Duration) -> String {
    let tracker = TaskTracker::new();
    let [close_cache, close_database] = replies.closes;
    let resource = |open: Service, name, close| Resource { open, close: Service::new(name, close) };
    let database = Service::new("open database", Reply::ok(ms(200), "open"));
    let database = resource(database, CLOSES[1], close_database);
    let cache = resource(Service::new("open cache", replies.opens), CLOSES[0], close_cache);
    let answer = unless_it_panics(call((tracker.clone(), database, cache, Service::new("work", replies.work))));
    let ended = timeout(patience, answer.lane("always_closed")).await;
    if ended.is_err() {
        tracker.close();
        tracker.wait().await;
    } else {
        sleep(ms(1_000)).lane("the caller goes on").await;
    }
    match ended {
        Err(_elapsed) => "nothing in time".to_owned(),
        Ok(None) => "nothing, but panicked".to_owned(),
        Ok(Some(Ok(text))) => format!("{text:?}"),
        Ok(Some(Err(failure))) => format!("the failure `{failure}`"),
    }
}

fn returns_what_is_right(mine: &Run<String>, possible: &Run<String>, why: &str) -> Judgement {
    mine.returns_what_is_right(possible, Clone::clone, why)
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
    if mine.output != "nothing in time"
        && CLOSES.iter().any(|name| mine.calls(name).any(|call| call.closed > Some(mine.closed("always_closed"))))
    {
        return fault("Your answer returned before both connections were closed.", AWAITED);
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
