//! The checks of `executor-offload/crash_barrier`.
//!
//! The program that answers start is this one, with a job as its argument.
//! A job holds a connection to the check as long as it lives, so the check knows when it has begun, and when it has ended.

use std::env;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::PathBuf;
use std::process::{self, ExitCode};
use std::time::Duration;

use exam::{Call, Exam, Judgement, LaneExt, Run, fault, ms};
use executor_offload::ChildError;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Preview = Call<(PathBuf, String), Result<String, ChildError>>;

/// What an answer returned, in words.
type Words = Result<String, io::ErrorKind>;

/// With this a job begins.
const JOB: &str = "job:";

/// For so many beats of 5 ms a program runs before its caller gives up.
const BEATS: u32 = 40;

/// How often an answer is polled at most meanwhile: for its start, and some times for what the system says.
const MOST_POLLS: u64 = 8;

/// How long somebody waits for what may not come.
const PATIENCE: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    if let Some(job) = env::args().nth(1).and_then(|argument| Some(argument.strip_prefix(JOB)?.to_owned())) {
        return if run(&job).is_ok() { ExitCode::SUCCESS } else { ExitCode::from(2) };
    }
    let exam = Exam::new(
        "executor-offload/crash_barrier",
        async |(program, job)| solution::preview(program, job).await,
        async |(program, job)| answer::preview(program, job).await,
    )
    .on_the_real_clock()
    .check(
        "returns what the program writes",
        async |preview| job(preview, "write").await,
        |mine, possible| {
            returns_what_is_right(
                mine,
                possible,
                "The program gets the job as its only argument. What it writes to its standard output comes to you through a pipe; \
                 without one, it goes where your own output goes. All of it is the preview, line ends too; its standard error is not.",
            )
        },
    )
    .check(
        "the others go on meanwhile",
        async |preview| shake_hands(preview).await,
        |mine, possible| {
            returns_what_is_right(
                mine,
                possible,
                "The program waited for a word from another task of yours, and that task got no turn: your answer kept the thread. \
                 `std::process` blocks the thread that waits; `tokio::process` has the same methods to be awaited.",
            )
        },
    );
    when_it_goes_wrong(exam).verdict()
}

fn when_it_goes_wrong(
    exam: Exam<(PathBuf, String), Result<String, ChildError>>,
) -> Exam<(PathBuf, String), Result<String, ChildError>> {
    exam.check(
        "returns an error when the program crashes",
        async |preview| job(preview, "crash").await,
        |mine, possible| {
            returns_what_is_right(
                mine,
                possible,
                "An abort is no panic, and it happens in another process: there is nothing to be caught, and waiting for it succeeds. \
                 That it crashed is in its exit status, which `ChildError::Failed` carries.",
            )
        },
    )
    .check(
        "returns an error when the program says that it failed",
        async |preview| job(preview, "fail").await,
        |mine, possible| {
            returns_what_is_right(
                mine,
                possible,
                "The program wrote half of a preview, and ended with exit code 3. Success is exit code 0, and nothing else: ask `status.success()`.",
            )
        },
    )
    .check(
        "returns an error when there is no such program",
        async |preview| Ok(words(&preview((PathBuf::from("no-such-program"), String::new())).await)),
        |mine, possible| returns_what_is_right(mine, possible, "A program that cannot be started is an error to be returned, `ChildError::NotRun`."),
    )
    .check(
        "starts a program that crashes only once",
        async |preview| starts(preview).await,
        |mine, _| match mine.output {
            Ok(1) => Ok(()),
            starts => fault(
                format!("The program crashed, and your answer started it {} times.", starts.unwrap_or_default()),
                "A job that crashes a program crashes it again, and what it did before the crash is done twice. Whether to try again is for the caller to say.",
            ),
        },
    )
    .check(
        "kills the program when its caller gives up",
        async |preview| give_up(preview).await,
        |mine, _| {
            if mine.output.is_ok() {
                return Ok(());
            }
            fault(
                "The caller gave up, and the program was still running.",
                "Dropping a `Child` does not end its process, unless `kill_on_drop(true)` was set; and a process that a thread of the pool \
                 waits for, or another task, does not even notice that the caller has left.",
            )
        },
    )
    .check(
        "reads on while the program writes much",
        async |preview| job(preview, "write-much").await,
        |mine, possible| {
            returns_what_is_right(
                mine,
                possible,
                "It complains much, and then it writes much. A pipe holds some 64 KiB: who waits for the end first, and reads then, or reads only one of two pipes, \
                 waits for a program that waits for its reader.",
            )
        },
    )
    .check(
        "shows what is no UTF-8 as �",
        async |preview| job(preview, "write-bytes").await,
        |mine, possible| {
            returns_what_is_right(
                mine,
                possible,
                "The program's files come from strangers, and a name in one of them has a byte that is no UTF-8. It is no reason to panic, and no reason to lose the rest.",
            )
        },
    )
    .check(
        "waits without asking again and again",
        async |preview| give_up(preview).await,
        |mine, _| {
            let polls = mine.recording.polls("preview");
            if polls <= MOST_POLLS {
                return Ok(());
            }
            fault(
                format!("While the program ran, your answer was polled {polls} times, where {MOST_POLLS} are more than enough."),
                "`try_wait` asks, and comes back at once; to ask again after a pause is work for nothing, and late by up to the pause. Await the end: the system wakes you.",
            )
        },
    )
}

/// What the program does.
fn run(job: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    match job.split_once(' ').unwrap_or((job, "")) {
        ("write", _) => {
            io::stderr().write_all(b"(the old program grumbles)\n")?;
            output.write_all(b"a\npreview\n")
        }
        ("write-much", _) => {
            // Where nobody takes it from a pipe, a terminal gets it, and shows nothing.
            io::stderr().write_all(&vec![0; 100_000])?;
            output.write_all(&vec![b'x'; 10_000_000])
        }
        ("write-bytes", _) => output.write_all(b"M\xfcller.png\n"),
        ("fail", _) => {
            output.write_all(b"half a prev")?;
            output.flush()?;
            process::exit(3);
        }
        ("crash", address) => {
            if !address.is_empty() {
                TcpStream::connect(address)?;
            }
            process::abort()
        }
        ("shake-hands", address) => {
            let mut other = TcpStream::connect(address)?;
            // A hand that does not come.
            other.set_read_timeout(Some(PATIENCE))?;
            let came = other.read_exact(&mut [0]).is_ok();
            output.write_all(if came { b"a hand came" } else { b"no hand came" })
        }
        ("stay", address) => {
            let mut other = TcpStream::connect(address)?;
            other.write_all(&[1])?;
            // Until the check lets go.
            other.read_to_end(&mut Vec::new())?;
            other.shutdown(Shutdown::Both)
        }
        _ => Err(io::Error::other("no such job")),
    }
}

async fn job(preview: Preview, job: &str) -> Words {
    let answer = preview((this_program()?, format!("{JOB}{job}")));
    match timeout(PATIENCE * 2, answer.try_lane("preview")).await {
        Ok(result) => Ok(words(&result)),
        Err(_) => Ok("nothing: it waits, and the program waits too".to_owned()),
    }
}

/// The program asks another task of the runtime for a byte.
async fn shake_hands(preview: Preview) -> Words {
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|error| error.kind())?;
    let address = listener.local_addr().map_err(|error| error.kind())?;
    let gives = async move {
        let (mut other, _) = listener.accept().await?;
        other.write_all(&[1]).await?;
        other.read_to_end(&mut Vec::new()).await
    };
    let giving = tokio::spawn(gives.try_lane("another task"));
    let answer = job(preview, &format!("shake-hands {address}")).await;
    giving.abort();
    answer
}

/// Counts how often a program that crashes is started.
async fn starts(preview: Preview) -> Result<usize, io::ErrorKind> {
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|error| error.kind())?;
    let address = listener.local_addr().map_err(|error| error.kind())?;
    let _crashed = job(preview, &format!("crash {address}")).await;
    // Each start has left a connection before its crash.
    let mut starts = 0;
    while let Ok(Ok(_)) = timeout(ms(20), listener.accept()).await {
        starts += 1;
    }
    Ok(starts)
}

/// Gives up when the program has run for a while, and says whether it ended then.
async fn give_up(preview: Preview) -> Words {
    let kind = |error: io::Error| error.kind();
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(kind)?;
    let job = format!("{JOB}stay {}", listener.local_addr().map_err(kind)?);
    // A task of its own: what it is woken for is not for the answer.
    let begun = tokio::spawn(async move {
        let (mut other, _) = listener.accept().await?;
        other.read_exact(&mut [0]).await?;
        for _ in 0..BEATS {
            sleep(ms(5)).await;
        }
        io::Result::Ok(other)
    });
    let mut other = tokio::select! {
        result = preview((this_program()?, job)).try_lane("preview") => return Ok(words(&result)),
        other = begun => other.map_err(io::Error::from).flatten().map_err(kind)?,
    };
    // A process that has ended has let go of its connection, one way or the other; otherwise this one lets go.
    match timeout(ms(1_000), other.read(&mut [0])).try_lane("until the program ends").await {
        Ok(_) => Ok("killed".to_owned()),
        Err(_) => Err(io::ErrorKind::TimedOut),
    }
}

fn this_program() -> Result<PathBuf, io::ErrorKind> {
    env::current_exe().map_err(|error| error.kind())
}

fn words(result: &Result<String, ChildError>) -> String {
    match result {
        Ok(text) if text.len() > 100 => format!("{} bytes", text.len()),
        Ok(text) => format!("{text:?}"),
        Err(ChildError::NotRun(_)) => "`Err(ChildError::NotRun(_))`".to_owned(),
        Err(ChildError::Failed(_)) => "`Err(ChildError::Failed(_))`".to_owned(),
    }
}

fn returns_what_is_right(mine: &Run<Words>, possible: &Run<Words>, why: &str) -> Judgement {
    if mine.output == possible.output {
        return Ok(());
    }
    let word = |words: &Words| words.clone().unwrap_or_else(|kind| format!("the error `{kind}`"));
    fault(format!("Your answer returned {}, where {} is right.", word(&mine.output), word(&possible.output)), why)
}
