//! The checks of `timeouts/stop_means_stop`.

use std::future::poll_fn;
use std::pin::pin;
use std::process::ExitCode;
use std::task::Poll;
use std::time::Duration;

use exam::{Exam, Judgement, LaneExt, Outcome, Run, cancel_at_every_await, fault, ms, seconds};
use tokio::task::{JoinError, yield_now};
use tokio::time::{Instant, sleep};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use given::Press;

/// A press, and the limit of the job.
type Input = (Press, Duration);

/// What the answer returned, in words, and whether the press was free at that instant.
type Printed = (String, bool);
const LIMIT: Duration = ms(650);
const MINUTES: Duration = ms(3_000_000);

const GIVES_UP: &str = "Your future was dropped at an await, with its handle, and no line of it aborted the job. \
    `AbortOnDropHandle` aborts the job when the handle is dropped. Make it in the line that gets the handle: a task that makes it may be dropped before its first poll.";

/// The lane of the answer itself.
const ITSELF: &str = "print_within";

fn main() -> ExitCode {
    let exam = Exam::new(
        "timeouts/stop_means_stop",
        async |input| within(input, solution::print_within).await,
        async |input| within(input, answer::print_within).await,
    )
    .check_each("prints a job that is quick enough", [|| (Press::new(150, 3), LIMIT), || (Press::new(150, 0), LIMIT)], |mine, possible| {
        mine.made_the_calls_of(possible, "Warm up the press once, and print the job once, under its name.")?;
        mine.as_quick_as(possible, "The limit is the longest time that a job may take. Often it takes less: its handle is ready when its task has ended.")?;
        returns_what_is_right(mine, possible, "Return the number of pages that the job has printed, even if it is zero.")
    })
    .check_each("stops a job that takes too long", [|| (Press::new(0, 9), LIMIT)], |mine, _| {
        const WHY: &str = "At its limit, a timeout drops what it owns: here a `JoinHandle`. \
            A task whose handle is dropped is detached, not stopped. Keep the handle, and `abort` the task.";
        let returned = seconds(mine.closed(ITSELF));
        match mine.calls("print ").next().map(|job| (job.outcome, job.closed)) {
            Some((None, _)) => fault(format!("Your answer returned at {returned}, and the job printed on."), WHY),
            Some((Some(Outcome::Finished), Some(end))) if mine.closed(ITSELF) < end => {
                fault(format!("Your answer returned at {returned}, and the job printed on until {}.", seconds(end)), WHY)
            }
            _ => Ok(()),
        }
    })
    .check_each("stops it when the limit is over, and not later", [|| (Press::new(0, 9), LIMIT), || (Press::new(0, 9), Duration::ZERO)], |mine, possible| {
        mine.returns_in_time(
            possible,
            ITSELF,
            "There are two steps: a future that makes a handle, and the handle. A limit around the first step does not limit the second. And a limit of zero means no time at all.",
        )?;
        returns_what_is_right(mine, possible, "The job was stopped, so there is no number of pages.")
    })
    .check_each("counts the warm-up as part of the limit", [|| (Press::new(400, 5), LIMIT)], |mine, possible| {
        const WHY: &str = "The limit is for both steps together. Use one deadline for both: `timeout_at`.";
        mine.returns_in_time(possible, ITSELF, WHY)?;
        returns_what_is_right(mine, possible, WHY)
    })
    .check_each("starts no job when the warm-up took too long", [|| (Press::new(800, 3), LIMIT)], |mine, possible| {
        const WHY: &str = "The limit was over while the press warmed up. Your caller no longer needs the job, so do not start it.";
        mine.returns_in_time(possible, ITSELF, WHY)?;
        mine.made_the_calls_of(possible, WHY)?;
        returns_what_is_right(mine, possible, WHY)
    });
    how_it_ends(exam).verdict()
}

fn how_it_ends(exam: Exam<Input, Printed>) -> Exam<Input, Printed> {
    exam.check(
        "returns when the job has really ended",
        async |print| {
            // Many other tasks are ready at the same instant, so the runtime does not poll the job immediately.
            for _ in 0..10_000 {
                tokio::spawn(async {
                    sleep(LIMIT).await;
                    yield_now().await;
                });
            }
            print((Press::new(0, 9), LIMIT)).await
        },
        |mine, possible| {
            if mine.output.1 == possible.output.1 {
                return Ok(());
            }
            fault(
                format!("When your answer returned, at {}, the job still had the press.", seconds(mine.closed(ITSELF))),
                "`abort` only asks. The task ends, and releases what it holds, when the runtime gets to it. Then its handle is ready, so await the handle.",
            )
        },
    )
    .check(
        "accepts that the job ends while it is stopped",
        async |print| polled_late(print((Press::new(50, 6), LIMIT))).await,
        |mine, _| match mine.output.0.as_str() {
            "6 pages" | "`Ok(None)`" => Ok(()),
            other => fault(format!("The job ended at the instant of the limit, and you returned {other}."), "It may count as done or as stopped: return the pages, or `Ok(None)`."),
        },
    )
    .check_each("passes on that the job panicked", [|| (Press { tears: true, ..Press::new(150, 2) }, LIMIT)], |mine, possible| {
        mine.returns_in_time(possible, ITSELF, "A job that has panicked has ended. Do not wait for the limit.")?;
        returns_what_is_right(
            mine,
            possible,
            "A task that panicked and a task that you aborted both end with a `JoinError`. `is_cancelled()` is true only for the aborted one.",
        )
    })
    .check_each("passes on that the job panicked when it was stopped", [|| (Press { jams: true, ..Press::new(0, 9) }, LIMIT)], |mine, possible| {
        returns_what_is_right(
            mine,
            possible,
            "The handle's result after the `abort` also counts. The job may have panicked while it stopped, or it may have ended at that instant.",
        )
    })
    .check_each("uses its caller's limit", [|| (Press::new(150, 29_000), MINUTES)], |mine, possible| {
        returns_what_is_right(mine, possible, "This job has a limit of fifty minutes and needs most of them. Your caller decides how long a job may take.")
    })
    .stops_with_its_caller(
        [(400, || (Press::new(0, 9), LIMIT)), (200, || (Press::new(400, 9), LIMIT))],
        GIVES_UP,
    )
    .check(
        "stops the job at whatever await its caller gives up",
        async |print| {
            let make = || {
                let press = Press::new(0, 9);
                (press.clone(), print((press, LIMIT)))
            };
            cancel_at_every_await(make, async |press: Press, at| {
                sleep(ms(20)).lane("the caller goes on").await;
                match press.free.available_permits() {
                    1 => Ok(()),
                    _ => fault(format!("Your future was dropped at its await {at}, and the job printed on."), GIVES_UP),
                }
            })
            .await
        },
        |mine, _| mine.output.clone().map(drop),
    )
}

/// At the limit, other tasks get their turns first, and so the job ends before the answer is polled.
async fn polled_late<F: Future>(future: F) -> F::Output {
    let (began, mut turns, mut future) = (Instant::now(), 0, pin!(future));
    poll_fn(|context| {
        if began.elapsed() < LIMIT || turns == 100 {
            return future.as_mut().poll(context);
        }
        turns += 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

/// Prints a job, checks the press at the instant at which the answer returns, and waits for a while.
async fn within(
    (press, limit): Input,
    print: impl AsyncFnOnce(Press, String, Duration) -> Result<Option<u32>, JoinError>,
) -> Printed {
    let printed = print(press.clone(), " my report".to_owned(), limit).try_lane(ITSELF).await;
    let free = press.free.available_permits() == 1;
    sleep(ms(400)).lane("the caller goes on").await;
    let words = match printed {
        Ok(Some(pages)) => format!("{pages} pages"),
        Ok(None) => "`Ok(None)`".to_owned(),
        Err(error) if error.is_panic() => "the panic of the job".to_owned(),
        Err(_) => "the `JoinError` of a job that was aborted".to_owned(),
    };
    (words, free)
}

fn returns_what_is_right(mine: &Run<Printed>, possible: &Run<Printed>, why: &str) -> Judgement {
    if mine.output.0 == possible.output.0 {
        return Ok(());
    }
    fault(format!("You returned {}, where {} is right.", mine.output.0, possible.output.0), why)
}
