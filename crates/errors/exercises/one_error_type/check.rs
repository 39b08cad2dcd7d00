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
            mine.made_the_calls_of(possible, "Each job is to be started once.")?;
            mine.as_quick_as(possible, "A job takes its time, and the others need not wait for it: start all, and only then await.")
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
            in_their_places(mine, possible, "The first error is one of several. A `?` or a `break` in the loop loses the ends after it.")
        });
    with_worse_ends(exam).verdict()
}

fn with_worse_ends(exam: Exam<Vec<Job>, Ends>) -> Exam<Vec<Job>, Ends> {
    exam.check("tells that a job was cancelled", async |run| night(run, one_is_aborted()).await, |mine, possible| {
        mine.made_the_calls_of(possible, "Each job is to be started once, also if it was cancelled.")?;
        in_their_places(mine, possible, &format!("The guard aborted the backup. It has not failed, and it has no bug. {HANDLE}"))
    })
    .check("tells the message of a panic", async |run| night(run, two_panic()).await, |mine, possible| {
        mine.made_the_calls_of(possible, "Each job is to be started once, also if it panics.")?;
        in_their_places(
            mine,
            possible,
            &format!("{HANDLE} A fixed message is a `&str`, a formatted one is a `String`. Ask for both, with `downcast_ref`."),
        )
    })
    .check("tells a panic that has no message", async |run| night(run, one_panics_with_a_number()).await, |mine, possible| {
        in_their_places(mine, possible, "`panic_any` can carry any value, here a number. The job panicked all the same: with the message `unknown`.")
    })
    .check("starts three hundred jobs at once, and each once", async |run| night(run, three_hundred()).await, |mine, possible| {
        const WHY: &str = "Start all jobs before you await the first, and each of them once. However many end badly, the others go on.";
        mine.made_all_calls_at_once(possible, "job", WHY)?;
        in_their_places(mine, possible, WHY)?;
        mine.as_quick_as(possible, WHY)
    })
    .check("looks at types, and not at texts", async |run| night(run, words_that_mislead()).await, |mine, possible| {
        in_their_places(mine, possible, &format!("A text can say anything: here a failure says \"was cancelled\", and so does a panic. {HANDLE}"))
    })
    .check("keeps an empty text and a late one, and takes no jobs", async |run| {
        [night(Call::clone(&run), odd()).await, night(run, Vec::new()).await].concat()
    }, |mine, possible| {
        in_their_places(mine, possible, "A text is what the job returned, and a message is what the panic carries, also if it is empty, has two lines, or comes after fifty minutes. How long is too long is for the guard to say.")
    })
    .stops_with_its_caller(
        [(150, good), (650, good)],
        "A timeout drops your future, and with it the handles. A dropped `JoinHandle` detaches its task: put it into an `AbortOnDropHandle`.",
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

/// The order of their ends is not their order, nor its reverse.
fn good() -> Vec<Job> {
    let [prices, stock, totals] = [ms(900), ms(200), ms(600)];
    vec![
        job("prices", Reply::ok(prices, "42 prices")),
        job("stock", Reply::ok(stock, "7 boxes")),
        job("totals", Reply::ok(totals, "a sum")),
    ]
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

/// Every seventh ends well, all with the same text. The first ones are the quickest.
fn three_hundred() -> Vec<Job> {
    let ends = |at: u64| match at % 7 {
        0 | 1 => job("job", Reply::err(ms(200 + at), "is closed")),
        2 | 3 => job("job", Reply::panics(ms(200 + at), "counts below zero")),
        4 | 5 => that(End::Aborted(ms(200 + at)), "job"),
        _ => job("job", Reply::ok(ms(200 + at), "42 prices")),
    };
    (0..300).map(ends).collect()
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
