//! The checks of `timeouts/stop_means_stop`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use exam::{Call, Exam, Judgement, LaneExt, Outcome, Run, fault, ms, seconds, seconds_apart};
use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinHandle, yield_now};
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

/// A press that prints one job at a time; clones are the same press.
#[derive(Clone, Debug)]
pub struct Press {
    warm_up: Duration,
    pages: u32,
    /// A job panics after its last page.
    tears: bool,
    /// A job that is stopped panics.
    jams: bool,
    free: Arc<Semaphore>,
}

impl Press {
    /// Warms up, and begins to print; the job is a task of its own, whose handle this returns.
    pub fn start(&self, job: &str) -> impl Future<Output = JoinHandle<u32>> + Send + use<> {
        let (press, name) = (self.clone(), format!("print {job}"));
        let warm_up = sleep(self.warm_up).lane("warm up");
        #[expect(clippy::async_yields_async, reason = "the handle of a job that has begun is what one waits for")]
        async move {
            warm_up.await;
            tokio::spawn(press.print().lane(name))
        }
    }

    async fn print(self) -> u32 {
        let Ok(_mine) = self.free.acquire().await else { unreachable!("nobody closes it") };
        let mut roller = Roller { jams: self.jams };
        for _ in 0..self.pages {
            sleep(PAGE).await;
        }
        assert!(!self.tears, "the paper is torn");
        roller.jams = false;
        self.pages
    }

    /// A press that needs so many milliseconds to get warm, and whose job has so many pages.
    fn new(warm_up: u64, pages: u32) -> Self {
        Self { warm_up: ms(warm_up), pages, tears: false, jams: false, free: Arc::new(Semaphore::new(1)) }
    }
}

/// What turns while a job is printed.
#[derive(Debug)]
struct Roller {
    /// It panics when it is stopped.
    jams: bool,
}

impl Drop for Roller {
    fn drop(&mut self) {
        assert!(!self.jams, "the paper is jammed");
    }
}

type Print = Call<(Press, String, Duration), Result<Option<u32>, JoinError>>;

/// What came back in words, and whether the press was free at that instant.
type Printed = (String, bool);

const PAGE: Duration = ms(100);
const LIMIT: Duration = ms(650);
const MINUTES: Duration = ms(300_000);

fn main() -> ExitCode {
    let exam = Exam::new(
        "timeouts/stop_means_stop",
        async |(press, job, limit)| solution::print_within(press, job, limit).await,
        async |(press, job, limit)| answer::print_within(press, job, limit).await,
    )
    .check(
        "prints a job that is quick enough",
        async |print| job(print, Press::new(150, 3)).await,
        |mine, possible| {
            mine.made_the_calls_of(possible, "The press is to be warmed up once, and the job to be printed once.")?;
            mine.as_quick_as(possible, "The limit is what a job may take, and not what it takes: a handle is ready when its task is done.")?;
            returns_what_is_right(mine, possible, "The job knows how many pages it has printed.")
        },
    )
    .check(
        "stops a job that takes too long",
        async |print| job(print, Press::new(0, 9)).await,
        |mine, _| match mine.calls("print ").next().map(|job| (job.outcome, job.closed)) {
            Some((None, _)) => fault(
                format!("Your answer returned at {}, and the job printed on.", seconds(returned(mine))),
                "A timeout drops what it owns at its limit. Here that was a `JoinHandle`, and a task whose handle is dropped is detached, not stopped: \
                 keep the handle, and `abort` the task.",
            ),
            Some((Some(Outcome::Finished), Some(end))) if returned(mine) < end => fault(
                format!(
                    "Your answer returned at {}, and the job printed on until {}.",
                    seconds(returned(mine)),
                    seconds(end)
                ),
                "A timeout drops what it owns at its limit. Here that was a `JoinHandle`, and a task whose handle is dropped is detached, not stopped: \
                 keep the handle, and `abort` the task.",
            ),
            _ => Ok(()),
        },
    )
    .check(
        "stops it when the limit is over, and not later",
        async |print| job(print, Press::new(0, 9)).await,
        |mine, possible| {
            returns_in_time(
                mine,
                possible,
                "There are two steps: a future that makes a handle, and the handle. A limit around the first one says nothing about the second.",
            )?;
            returns_what_is_right(mine, possible, "It was stopped: there is no number of pages.")
        },
    )
    .check(
        "counts the warm-up, too",
        async |print| job(print, Press::new(400, 5)).await,
        |mine, possible| {
            const WHY: &str = "The limit is for both steps together, and a deadline can be handed from one to the next: `timeout_at`.";
            returns_in_time(mine, possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)
        },
    )
    .check(
        "begins no job when the warm-up took too long",
        async |print| job(print, Press::new(800, 3)).await,
        |mine, possible| {
            const WHY: &str = "The limit was over while the press warmed up. Nobody waits for the job any more, so it is not to begin.";
            returns_in_time(mine, possible, WHY)?;
            mine.made_the_calls_of(possible, WHY)?;
            returns_what_is_right(mine, possible, WHY)
        },
    );
    how_it_ends(exam).verdict()
}

fn how_it_ends(
    exam: Exam<(Press, String, Duration), Result<Option<u32>, JoinError>>,
) -> Exam<(Press, String, Duration), Result<Option<u32>, JoinError>> {
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
            job(print, Press::new(0, 9)).await
        },
        |mine, possible| {
            if mine.output.1 == possible.output.1 {
                return Ok(());
            }
            fault(
                format!("When your answer returned, at {}, the job still had the press.", seconds(returned(mine))),
                "`abort` only asks. The task ends, and gives back what it holds, when the runtime comes to it; its handle is ready then, so await it.",
            )
        },
    )
    .check(
        "passes on that the job panicked",
        async |print| job(print, Press { tears: true, ..Press::new(150, 2) }).await,
        |mine, possible| {
            returns_in_time(mine, possible, "A job that has panicked is over: nobody needs to wait for the limit.")?;
            returns_what_is_right(
                mine,
                possible,
                "A task that panics and one that was aborted both end with a `JoinError`, and only the second one was stopped by you: ask it, `is_cancelled()`.",
            )
        },
    )
    .check(
        "passes on that the job panicked when it was stopped",
        async |print| job(print, Press { jams: true, ..Press::new(0, 9) }).await,
        |mine, possible| {
            returns_what_is_right(
                mine,
                possible,
                "What the handle says after the `abort` counts as well: the job may have panicked on its way out, or have been done at that very instant.",
            )
        },
    )
    .check(
        "takes the limit of its caller",
        async |print| within(MINUTES, print, Press::new(150, 1_500)).await,
        |mine, possible| {
            returns_what_is_right(mine, possible, "This job has a limit of five minutes and needs half of them. How long a job may take is for the caller to say.")
        },
    )
    .check(
        "stops the job when its caller gives up",
        async |print| {
            let press = Press::new(0, 9);
            let _given_up = timeout(ms(400), print((press.clone(), "report".to_owned(), LIMIT)).try_lane("print_within")).await;
            sleep(ms(200)).lane("the caller goes on").await;
            (String::new(), press.free.available_permits() == 1)
        },
        |mine, _| {
            const WHY: &str = "Your future was dropped at an await, and so was its handle; nobody was left to abort the job. \
                `AbortOnDropHandle` does it in its `Drop`, whoever drops it.";
            if mine.output.1 {
                return mine.leaves_nothing_running(WHY);
            }
            fault("The caller gave up at 0.40 s, and 200 ms later the job still had the press.", WHY)
        },
    )
}

/// Prints a job, looks at the press at the instant at which the answer returns, and goes on for a while.
async fn job(print: Print, press: Press) -> Printed {
    within(LIMIT, print, press).await
}

async fn within(limit: Duration, print: Print, press: Press) -> Printed {
    let printed = print((press.clone(), "report".to_owned(), limit)).try_lane("print_within").await;
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

fn returned<T>(run: &Run<T>) -> u64 {
    run.recording.lane("print_within").and_then(|lane| lane.closed).unwrap_or(run.took())
}

fn returns_in_time(mine: &Run<Printed>, possible: &Run<Printed>, why: &str) -> Judgement {
    if returned(mine) <= returned(possible) {
        return Ok(());
    }
    let (mine, possible) = seconds_apart(returned(mine), returned(possible));
    fault(format!("Your answer returned at {mine}, where {possible} is possible."), why)
}

fn returns_what_is_right(mine: &Run<Printed>, possible: &Run<Printed>, why: &str) -> Judgement {
    if mine.output.0 == possible.output.0 {
        return Ok(());
    }
    fault(format!("You returned {}, where {} is right.", mine.output.0, possible.output.0), why)
}
