//! The checks of `errors/one_error_type`.

use std::process::ExitCode;

use exam::{Call, Exam, Failure, Judgement, Reply, Run, Service, ms};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use given::{End, Job, JobError};

type Ends = Vec<Result<String, JobError>>;
type OneErrorType = Call<Vec<Job>, Ends>;

const HANDLE: &str = "A handle returns two `Result`s. The inner `Err` is the job's own error. \
    The outer one is a `JoinError`, and `try_into_panic` tells a panic from a cancellation.";

fn main() -> ExitCode {
    let exam = Exam::new("errors/one_error_type", solution::one_error_type, answer::one_error_type)
        .check("starts all jobs at once", async |run| night(run, good()).await, |mine, possible| {
            mine.made_the_calls_of(possible, "Start each job once.")?;
            mine.as_quick_as(possible, "The other jobs need not wait for this one. Start all jobs, and only then await the first.")
        })
        .check("returns the ends in the order of the jobs", async |run| night(run, good()).await, |mine, possible| {
            in_their_places(mine, possible, "The first job takes longest. Keep the handles in their order, and await them one after another.")
        })
        .check("keeps the error of a job that failed", async |run| night(run, one_fails()).await, |mine, possible| {
            in_their_places(
                mine,
                possible,
                "The job returned an error: `JobError::Failed`. Put the `Failure` itself into it: `to_string` leaves a text, without type and source.",
            )
        })
        .check("returns the ends of all when some fail", async |run| night(run, two_fail()).await, |mine, possible| {
            in_their_places(mine, possible, "Several jobs fail. A `?` or a `break` in the loop loses all results after the first failure.")
        });
    with_worse_ends(exam).verdict()
}

fn with_worse_ends(exam: Exam<Vec<Job>, Ends>) -> Exam<Vec<Job>, Ends> {
    exam.check("returns `Cancelled` for a cancelled job", async |run| night(run, one_is_aborted()).await, |mine, possible| {
        mine.made_the_calls_of(possible, "Start each job once, even if it was cancelled.")?;
        in_their_places(mine, possible, &format!("The guard aborted the backup. The backup did not fail, and it did not panic. {HANDLE}"))
    })
    .check("returns the message of a panic", async |run| night(run, two_panic()).await, |mine, possible| {
        mine.made_the_calls_of(possible, "Start each job once, even if it panics.")?;
        in_their_places(
            mine,
            possible,
            &format!("{HANDLE} A fixed message is a `&str`, and a formatted one is a `String`. Check for both with `downcast_ref`."),
        )
    })
    .check("returns `unknown` for a panic without a text", async |run| night(run, one_panics_with_a_number()).await, |mine, possible| {
        in_their_places(mine, possible, "`panic_any` can carry any value, here a number. Return `JobError::Panicked` with the message `unknown`.")
    })
    .check("starts a thousand jobs at once, and each once", async |run| night(run, thousand()).await, |mine, possible| {
        const WHY: &str = "Start all jobs before you await the first, and start each once. The others go on, however many end badly.";
        mine.made_all_calls_at_once(possible, "job", WHY)?;
        in_their_places(mine, possible, WHY)?;
        mine.as_quick_as(possible, WHY)
    })
    .check("decides by types, and not by texts", async |run| night(run, words_that_mislead()).await, |mine, possible| {
        in_their_places(mine, possible, &format!("A text can be anything: here a failure has the text \"was cancelled\", and so has a panic. {HANDLE}"))
    })
    .check("keeps empty and late texts, and accepts an empty list", async |run| {
        [night(Call::clone(&run), odd()).await, night(run, Vec::new()).await].concat()
    }, |mine, possible| {
        in_their_places(mine, possible, "Return each text and each message unchanged, even if it is empty, has two lines, or comes after fifty minutes. The guard decides how long is too long.")
    })
    .stops_with_its_caller(
        [(0, good), (150, good), (650, good), (700, good_from_behind)],
        "A timeout drops your future, with its handles. A dropped `JoinHandle` detaches its task. Put each handle into an `AbortOnDropHandle`.",
    )
}

/// How each job ended, in words.
async fn night(one_error_type: OneErrorType, jobs: Vec<Job>) -> Vec<String> {
    one_error_type(jobs).await.iter().map(words).collect()
}

fn words(end: &Result<String, JobError>) -> String {
    match end {
        Ok(text) => format!("the text `{text}`"),
        Err(JobError::Failed(error)) if error.is::<Failure>() => format!("failed: `{error}`"),
        Err(JobError::Failed(error)) => format!("failed: only the text `{error}`, and no `Failure`"),
        Err(JobError::Panicked(message)) => format!("panicked: `{message}`"),
        Err(JobError::Cancelled) => "cancelled".to_owned(),
    }
}

fn in_their_places(mine: &Run<Vec<String>>, possible: &Run<Vec<String>>, why: &str) -> Judgement {
    mine.returns_each_in_its_place(possible, Clone::clone, why)
}

fn job(name: &str, reply: Reply) -> Job {
    Job { service: Service::new(name, reply), end: End::AsTheServiceSays }
}

fn that(end: End, name: &str) -> Job {
    Job { service: Service::new(name, Reply::never()), end }
}

/// They end neither in the order of the list nor in its reverse.
fn good() -> Vec<Job> {
    let [prices, stock, totals] = [ms(900), ms(200), ms(600)];
    vec![
        job("prices", Reply::ok(prices, "42 prices")),
        job("stock", Reply::ok(stock, "7 boxes")),
        job("totals", Reply::ok(totals, "a sum")),
    ]
}

/// After 700 ms the first two have ended.
fn good_from_behind() -> Vec<Job> {
    good().into_iter().rev().collect()
}

fn one_fails() -> Vec<Job> {
    let mut jobs = good();
    jobs[2] = job("totals", Reply::err(ms(600), "has no figures"));
    jobs
}

fn two_fail() -> Vec<Job> {
    let mut jobs = one_fails();
    jobs[0] = job("prices", Reply::err(ms(300), "is closed"));
    jobs
}

fn one_is_aborted() -> Vec<Job> {
    let mut jobs = good();
    jobs.insert(1, that(End::Aborted(ms(400)), "backup"));
    jobs
}

fn two_panic() -> Vec<Job> {
    let mut jobs = good();
    jobs[0] = that(End::PanicsWithStr(ms(300), "no figures"), "prices");
    jobs[1] = job("stock", Reply::panics(ms(500), "counts below zero"));
    jobs
}

fn one_panics_with_a_number() -> Vec<Job> {
    let mut jobs = good();
    jobs[1] = that(End::PanicsWithNumber(ms(300)), "stock");
    jobs
}

fn words_that_mislead() -> Vec<Job> {
    let mut jobs = good();
    jobs[0] = job("prices", Reply::err(ms(300), "was cancelled, or panicked"));
    jobs[1] = that(End::PanicsWithStr(ms(500), "task 7 was cancelled"), "stock");
    jobs
}

/// Every seventh succeeds, all with the same text. The first ones are the quickest.
fn thousand() -> Vec<Job> {
    let ends = |at: u64| match at % 7 {
        0 | 1 => job("job", Reply::err(ms(200 + at), "is closed")),
        2 | 3 => job("job", Reply::panics(ms(200 + at), "counts below zero")),
        4 | 5 => that(End::Aborted(ms(200 + at)), "job"),
        _ => job("job", Reply::ok(ms(200 + at), "42 prices")),
    };
    (0..1_000).map(ends).collect()
}

fn odd() -> Vec<Job> {
    vec![
        job("prices", Reply::ok(ms(3_000_000), " 42 prices ")),
        job("stock", Reply::ok(ms(200), "")),
        job("totals", Reply::err(ms(3_100_000), "")),
        that(End::PanicsWithStr(ms(100), ""), "letters"),
        that(End::PanicsWithStr(ms(300), " no stamps,\nno paper\n"), "parcels"),
    ]
}
