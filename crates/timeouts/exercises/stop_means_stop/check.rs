//! The checks of `timeouts/stop_means_stop`.

use std::process::ExitCode;
use std::time::Duration;

use exam::{Exam, Judgement, LaneExt, Outcome, Run, fault, ms, seconds};
use tokio::task::{JoinError, yield_now};
use tokio::time::sleep;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use given::Press;

/// A press, and the limit of the job.
type Input = (Press, Duration);

/// What came back in words, and whether the press was free at that instant.
type Printed = (String, bool);
const LIMIT: Duration = ms(650);
const MINUTES: Duration = ms(3_000_000);

/// The lane of the answer itself.
const ITSELF: &str = "print_within";

fn main() -> ExitCode {
    let exam = Exam::new(
        "timeouts/stop_means_stop",
        async |input| within(input, solution::print_within).await,
        async |input| within(input, answer::print_within).await,
    )
    .check_each("prints a job that is quick enough", [|| (Press::new(150, 3), LIMIT), || (Press::new(150, 0), LIMIT)], |mine, possible| {
        mine.made_the_calls_of(possible, "The press is to be warmed up once, and the job to be printed once, under its name.")?;
        mine.as_quick_as(possible, "The limit is what a job may take, and not what it takes: a handle is ready when its task is done.")?;
        returns_what_is_right(mine, possible, "The job knows how many pages it has printed; none is a number too.")
    })
    .check_each("stops a job that takes too long", [|| (Press::new(0, 9), LIMIT)], |mine, _| {
        const WHY: &str = "A timeout drops what it owns at its limit. Here that was a `JoinHandle`, and a task whose handle is dropped is detached, not stopped: \
            keep the handle, and `abort` the task.";
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
            "There are two steps: a future that makes a handle, and the handle. A limit around the first one says nothing about the second. And a limit of zero is no time at all.",
        )?;
        returns_what_is_right(mine, possible, "It was stopped: there is no number of pages.")
    })
    .check_each("counts the warm-up, too", [|| (Press::new(400, 5), LIMIT)], |mine, possible| {
        const WHY: &str = "The limit is for both steps together, and a deadline can be handed from one to the next: `timeout_at`.";
        mine.returns_in_time(possible, ITSELF, WHY)?;
        returns_what_is_right(mine, possible, WHY)
    })
    .check_each("begins no job when the warm-up took too long", [|| (Press::new(800, 3), LIMIT)], |mine, possible| {
        const WHY: &str = "The limit was over while the press warmed up. Nobody waits for the job any more, so it is not to begin.";
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
            // At the same instant many others have something to do, so the runtime does not come to the job at once.
            for _ in 0..100 {
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
                "`abort` only asks. The task ends, and gives back what it holds, when the runtime comes to it; its handle is ready then, so await it.",
            )
        },
    )
    .check_each("passes on that the job panicked", [|| (Press { tears: true, ..Press::new(150, 2) }, LIMIT)], |mine, possible| {
        mine.returns_in_time(possible, ITSELF, "A job that has panicked is over: nobody needs to wait for the limit.")?;
        returns_what_is_right(
            mine,
            possible,
            "A task that panics and one that was aborted both end with a `JoinError`, and only the second one was stopped by you: ask it, `is_cancelled()`.",
        )
    })
    .check_each("passes on that the job panicked when it was stopped", [|| (Press { jams: true, ..Press::new(0, 9) }, LIMIT)], |mine, possible| {
        returns_what_is_right(
            mine,
            possible,
            "What the handle says after the `abort` counts as well: the job may have panicked on its way out, or have been done at that very instant.",
        )
    })
    .check_each("takes the limit of its caller", [|| (Press::new(150, 20_000), MINUTES)], |mine, possible| {
        returns_what_is_right(mine, possible, "This job has a limit of fifty minutes and needs most of them. How long a job may take is for the caller to say.")
    })
    .stops_with_its_caller(
        [(400, || (Press::new(0, 9), LIMIT)), (200, || (Press::new(400, 9), LIMIT))],
        "Your future was dropped at an await, and so was its handle; nobody was left to abort the job. \
         `AbortOnDropHandle` does it in its `Drop`, whoever drops it.",
    )
}

/// Prints a job, looks at the press at the instant at which the answer returns, and goes on for a while.
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
