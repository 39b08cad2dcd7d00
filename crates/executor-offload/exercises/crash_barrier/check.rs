//! The checks of `executor-offload/crash_barrier`.
//!
//! The program that answers start is this one, with a job as its argument.
//! A job holds a connection to the check as long as it lives, so the check knows when it has begun, and when it has ended.

use std::env;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::PathBuf;
use std::pin::pin;
use std::process::{self, ExitCode};
use std::time::Duration;

use exam::{Exam, Judgement, LaneExt, Run, fault, ms};
use executor_offload::ChildError;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

/// What an answer returned, in words.
type Words = Result<String, io::ErrorKind>;

/// With this a job begins.
const JOB: &str = "job:";

/// A job that looks like an option, and says its arguments.
const DASHES: &str = "--job";

/// For so many beats of 5 ms a program runs before its caller gives up.
const BEATS: u32 = 40;

/// How often an answer is polled at most meanwhile: for its start, and some times for what the system says.
const MOST_POLLS: u64 = 8;

/// How often somebody looks, every 20 ms, for what may not come: on a busy machine that takes longer.
const LOOKS: u32 = 150;

/// What is started, and what becomes of it.
#[derive(Clone, Copy)]
enum Scene {
    /// The program runs this job to its end.
    Job(&'static str),
    /// The program is this one.
    Program(fn() -> PathBuf),
    /// The program asks another task of the runtime for a byte.
    HandShake,
    /// A program that crashes: how often it was started.
    Crash,
    /// The caller gives up when the program has run for a while: whether it ended then.
    GivenUp,
}

use Scene::{Crash, GivenUp, HandShake, Job, Program};

fn main() -> ExitCode {
    if let Some(job) = env::args().nth(1).and_then(|argument| Some(argument.strip_prefix(JOB)?.to_owned())) {
        return if run(&job).is_ok() { ExitCode::SUCCESS } else { ExitCode::from(2) };
    }
    if env::args().skip(1).any(|argument| argument == DASHES) {
        return if run("say").is_ok() { ExitCode::SUCCESS } else { ExitCode::from(2) };
    }
    let exam = Exam::new(
        "executor-offload/crash_barrier",
        async |scene| play(scene, solution::preview).await,
        async |scene| play(scene, answer::preview).await,
    )
    .on_the_real_clock()
    .check_each(
        "returns what the program writes",
        [|| Job("write"), || Job("nothing")],
        |mine, possible| {
            returns_what_is_right(match &mine.output {
                Ok(words) if words.contains("Failed") => "The program did not know this job: it gets it as its only argument, as it is.",
                _ => {
                    "What it writes to its standard output comes to you through a pipe; without one, it goes where your own output goes. \
                     All of it is the preview, line ends too, and it may be nothing; its standard error is not."
                }
            })(mine, possible)
        },
    )
    .check_each(
        "hands over the job as the only argument",
        [|| Job("say two  words \"and 'more\" "), || Job("say $HOME; exit 1"), || Job(DASHES)],
        returns_what_is_right(
            "Here the program writes its arguments. The job is one of them, and the only one, as it is: with its spaces and quotes. \
             What splits it, as a shell does, makes several of it.",
        ),
    )
    .check_each(
        "the others go on meanwhile",
        [|| HandShake],
        returns_what_is_right(
            "The program waited for a word from another task of yours, and that task got no turn: your answer kept the thread. \
             `std::process` blocks the thread that waits; `tokio::process` has the same methods to be awaited.",
        ),
    );
    when_it_goes_wrong(exam).verdict()
}

fn when_it_goes_wrong(exam: Exam<Scene, Words>) -> Exam<Scene, Words> {
    exam.check_each(
        "returns an error when the program crashes",
        [|| Job("crash")],
        returns_what_is_right(
            "An abort is no panic, and it happens in another process: there is nothing to be caught, and waiting for it succeeds. \
             That it crashed is in its exit status, which `ChildError::Failed` carries.",
        ),
    )
    .check_each(
        "returns an error when the program says that it failed",
        [|| Job("fail"), || Job("fail 1"), || Job("fail 255"), || Job("crash-late")],
        returns_what_is_right(
            "The program wrote half of a preview, and then it failed, or crashed. Success is exit code 0, and nothing else: ask `status.success()`. \
             `ChildError::Failed` carries the status that it had.",
        ),
    )
    .check_each(
        "returns an error when there is no such program",
        [|| Program(|| PathBuf::from("no-such-program")), || Program(env::temp_dir)],
        returns_what_is_right("A program that is not there, or is none, cannot be started: that is an error to be returned, `ChildError::NotRun`."),
    )
    .check_each("starts a program that crashes only once", [|| Crash], |mine, possible| {
        if mine.output == possible.output {
            return Ok(());
        }
        let starts = mine.output.clone().unwrap_or_default();
        fault(
            format!("The program crashed, and your answer started it {starts} times."),
            "A job that crashes a program crashes it again, and what it did before the crash is done twice. Whether to try again is for the caller to say.",
        )
    })
    .check_each("kills the program when its caller gives up", [|| GivenUp], |mine, _| {
        if mine.output.is_ok() {
            return Ok(());
        }
        fault(
            "The caller gave up, and the program was still running.",
            "Dropping a `Child` does not end its process, unless `kill_on_drop(true)` was set; and a process that a thread of the pool \
             waits for, or another task, does not even notice that the caller has left.",
        )
    })
    .check_each(
        "reads on while the program writes much",
        [|| Job("write-much")],
        returns_what_is_right(
            "It complains much, and then it writes much: 33 MB. A pipe holds some 64 KiB: who waits for the end first, and reads then, or reads only one of two pipes, \
             or only so much, waits for a program that waits for its reader.",
        ),
    )
    .check_each(
        "shows what is no UTF-8 as �",
        [|| Job("write-bytes"), || Job("write-letters")],
        returns_what_is_right(
            "The program's files come from strangers, and a name in one of them has a byte that is no UTF-8. It is no reason to panic, and no reason to lose the rest. \
             And a letter may lie in two pieces of what you read: make text of all bytes together.",
        ),
    )
    .check_each("waits without asking again and again", [|| GivenUp], |mine, _| {
        let polls = mine.recording.polls("preview");
        if polls <= MOST_POLLS {
            return Ok(());
        }
        fault(
            format!("While the program ran, your answer was polled {polls} times, where {MOST_POLLS} are more than enough."),
            "`try_wait` asks, and comes back at once; to ask again after a pause is work for nothing, and late by up to the pause. Await the end: the system wakes you.",
        )
    })
}

/// What the program does.
fn run(job: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    match job.split_once(' ').unwrap_or((job, "")) {
        ("write", _) => {
            io::stderr().write_all(b"(the old program grumbles)\n")?;
            output.write_all(b"a\r\n\npreview\n")
        }
        ("nothing", _) => io::stderr().write_all(b"(it is an empty file)\n"),
        ("say", _) => write!(output, "{:?}", env::args().skip(1).collect::<Vec<_>>()),
        ("write-much", _) => {
            // Where nobody takes it from a pipe, a terminal gets it, and shows nothing.
            io::stderr().write_all(&vec![0; 100_000])?;
            let line = ["x".repeat(999), "\n".to_owned()].concat();
            output.write_all(line.repeat(33_000).as_bytes())
        }
        ("write-bytes", _) => output.write_all(b"M\xfcller\0.png\n"),
        ("write-letters", _) => output.write_all(format!("x{}", "ä".repeat(100_000)).as_bytes()),
        ("fail", code) => {
            output.write_all(b"half a prev")?;
            output.flush()?;
            process::exit(code.parse().unwrap_or(3));
        }
        ("crash-late", _) => {
            output.write_all(b"a\npreview\n")?;
            output.flush()?;
            process::abort()
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
            other.set_read_timeout(Some(Duration::from_secs(2)))?;
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

async fn play(scene: Scene, preview: impl AsyncFn(PathBuf, String) -> Result<String, ChildError>) -> Words {
    let kind = |error: io::Error| error.kind();
    let program = env::current_exe().map_err(kind)?;
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(kind)?;
    let address = listener.local_addr().map_err(kind)?;
    let job = async |job: String| {
        let job = if job == DASHES { job } else { format!("{JOB}{job}") };
        let mut answer = pin!(preview(program.clone(), job).try_lane("preview"));
        for _ in 0..LOOKS {
            if let Ok(result) = timeout(ms(20), &mut answer).await {
                return Ok(words(&result));
            }
        }
        Ok("nothing: it waits, and the program waits too".to_owned())
    };
    match scene {
        Job(name) => job(name.to_owned()).await,
        Program(path) => Ok(words(&preview(path(), String::new()).await)),
        HandShake => {
            let gives = async move {
                let (mut other, _) = listener.accept().await?;
                other.write_all(&[1]).await?;
                other.read_to_end(&mut Vec::new()).await
            };
            let giving = tokio::spawn(gives.try_lane("another task"));
            let answer = job(format!("shake-hands {address}")).await;
            giving.abort();
            answer
        }
        Crash => {
            let _crashed = job(format!("crash {address}")).await;
            // Each start has left a connection before its crash.
            let mut starts = 0;
            while let Ok(Ok(_)) = timeout(ms(20), listener.accept()).await {
                starts += 1;
            }
            Ok(starts.to_string())
        }
        GivenUp => {
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
                result = preview(program.clone(), format!("{JOB}stay {address}")).try_lane("preview") => return Ok(words(&result)),
                other = begun => other.map_err(io::Error::from).flatten().map_err(kind)?,
            };
            // A process that has ended has let go of its connection, one way or the other; otherwise this one lets go.
            let ended = async {
                for _ in 0..LOOKS / 3 {
                    if timeout(ms(20), other.read(&mut [0])).await.is_ok() {
                        return Ok("killed".to_owned());
                    }
                }
                Err(io::ErrorKind::TimedOut)
            };
            ended.try_lane("until the program ends").await
        }
    }
}

fn words(result: &Result<String, ChildError>) -> String {
    match result {
        Ok(text) if text.len() > 100 => format!("{} bytes", text.len()),
        Ok(text) => format!("{text:?}"),
        Err(ChildError::NotRun(_)) => "`Err(ChildError::NotRun(_))`".to_owned(),
        Err(ChildError::Failed(status)) => format!("`Err(ChildError::Failed(_))` with the {status}"),
    }
}

fn returns_what_is_right(why: &'static str) -> impl Fn(&Run<Words>, &Run<Words>) -> Judgement {
    let word = |words: &Words| words.clone().unwrap_or_else(|kind| format!("the error `{kind}`"));
    move |mine, possible| mine.returns_what_is_right(possible, word, why)
}
