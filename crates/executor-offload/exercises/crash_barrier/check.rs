//! The checks of `executor-offload/crash_barrier`.
//!
//! An answer starts this same program, with a job as its argument.
//! A job holds a connection to the check as long as it runs, so the check knows when it has started and when it has ended.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use exam::{Exam, Judgement, Run, fault};
use executor_offload::ChildError;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use Scene::{EndsUnseen, GivenUp, HandShake, Job, Patience, Program, Starts};
use scenes::{Scene, Words, play, run};

/// How often an answer may be polled in that time: for the start, and a few times for events of the system.
const MOST_POLLS: u64 = 8;

/// A job starts with this.
const JOB: &str = "job:";

/// A job that looks like an option.
const DASHES: &str = "--job";

/// Whether the program writes its arguments, because of this one: no job, or a job with dashes.
fn is_to_be_said(job: &str) -> bool {
    job.is_empty() || job.contains(DASHES)
}

fn main() -> ExitCode {
    if let Some(job) = env::args().nth(1).and_then(|argument| Some(argument.strip_prefix(JOB)?.to_owned())) {
        return if run(&job).is_ok() { ExitCode::SUCCESS } else { ExitCode::from(2) };
    }
    if env::args().skip(1).any(|argument| is_to_be_said(&argument)) {
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
                Ok(words) if words.contains("Failed") => "The program did not know this job. Pass the job as its only argument, unchanged.",
                _ => {
                    "Its standard output must come to you through a pipe. Without a pipe, it goes where your own output goes. \
                     All of it is the preview, line ends included, and it may be empty. Its standard error is not part of it."
                }
            })(mine, possible)
        },
    )
    .check_each(
        "passes the job as the only argument",
        [|| Job("say two  words \"and 'more\" "), || Job("say $HOME; exit 1"), || Job(DASHES), || Job("\t--job\nand more\n"), || Job("")],
        |mine, possible| {
            returns_what_is_right(match &mine.output {
                Ok(words) if words == "\"\"" => "Here the program writes its arguments, and ends immediately. Its output may still be in the pipe when it has ended. Wait for both: for its end, and for the end of its output.",
                _ => {
                    "Here the program writes its arguments. The job must be the only one, unchanged: \
                     with its spaces and quotes, and even if it is empty. A shell, or a split at blanks, makes several arguments of it."
                }
            })(mine, possible)
        },
    )
    .check_each(
        "leaves the environment of the program alone",
        [|| Job("environment")],
        returns_what_is_right(
            "Here the program counts its environment variables, and looks where it is. \
             It may need both: to find its files, or to know the language of its user. `Command` passes on yours unless you change them.",
        ),
    )
    .check_each(
        "lets other tasks run while it waits",
        [|| HandShake],
        returns_what_is_right(
            "The program waited for input from another task of yours. That task got no turn, because your answer blocked the \
             thread. `std::process` blocks the thread that waits. `tokio::process` has the same methods, and you await them.",
        ),
    )
    .check_each(
        "loses no output when the program ends",
        [|| EndsUnseen],
        returns_what_is_right(
            "The program wrote its output and ended, before your future was polled again. Then the end of the program and its output are both there. \
             If a `select!` takes the end first, the output that is still in the pipe is lost. Wait for both: `tokio::join!`, or `wait_with_output`.",
        ),
    );
    when_it_goes_wrong(exam).verdict()
}

fn when_it_goes_wrong(exam: Exam<Scene, Words>) -> Exam<Scene, Words> {
    exam.check_each(
        "returns an error when the program crashes",
        [|| Job("crash")],
        returns_what_is_right(
            "An abort is not a panic, and it happens in another process. \
             You cannot catch it, and your wait for the process succeeds. The exit status shows the crash: return it in `ChildError::Failed`.",
        ),
    )
    .check_each(
        "returns an error when the program fails",
        [|| Job("fail"), || Job("fail 1"), || Job("fail 255"), || Job("crash-late"), || Job("signal TERM"), || Job("signal INT"), || Job("signal PIPE"), || Job("signal KILL")],
        returns_what_is_right(
            "The program wrote half of a preview, and then it failed, or crashed, or a signal ended it. Only exit code 0 is a success: check `status.success()`. \
             Return the program's status in `ChildError::Failed`.",
        ),
    )
    .check_each(
        "returns an error when there is no such program",
        [|| Program(|| PathBuf::from("no-such-program")), || Program(env::temp_dir), || Program(|| PathBuf::from("echo"))],
        |mine, possible| {
            returns_what_is_right(match &mine.output {
                Ok(words) if words.contains("NotRun") => "The system finds a name such as `echo` in its `PATH`, although no such file is in your folder. Only the attempt to start it shows whether the program exists.",
                _ => "You cannot start a file that does not exist or is not a program. Return the error `ChildError::NotRun`.",
            })(mine, possible)
        },
    )
    .check_each("starts the program once", [|| Starts("crash"), || Starts("fail 1"), || Starts("nothing"), || Starts("write")], |mine, possible| {
        if mine.output == possible.output {
            return Ok(());
        }
        let starts = mine.output.clone().unwrap_or_default();
        fault(
            format!("Your answer started the program {starts} times for one job."),
            "A job that crashed a program usually crashes it again, and the work before the crash is done twice. Your caller decides whether to try again.",
        )
    })
    .check_each(
        "waits as long as the program takes",
        [|| Patience("shake-hands"), || Patience("two-pieces")],
        returns_what_is_right(
            "While the program ran, the check moved Tokio's clock on by fifty minutes, and your answer gave up, or took a pause in the output for its end. (The picture shows the real time.) Your caller decides how long is too long, and then drops your future.",
        ),
    )
    .check_each(
        "waits for the end of the program, and not of its output",
        [|| Patience("close")],
        returns_what_is_right(
            "The program closed its standard output, went on for a while, and failed. The end of its output is not its end: only `wait` returns its exit status.",
        ),
    )
    .check_each("kills the program when its caller gives up", [|| GivenUp], |mine, _| {
        if mine.output.is_ok() {
            return Ok(());
        }
        fault(
            "The caller gave up, and the program was still running.",
            "The drop of a `Child` does not end its process, unless you set `kill_on_drop(true)`. \
             If a thread of the pool or another task waits for the process, it does not notice that the caller has given up.",
        )
    })
    .check_each(
        "reads the output while the program runs",
        [|| Job("write-much")],
        returns_what_is_right(
            "It writes much to its standard error, and then 70 MB to its standard output. \
             A pipe holds about 64 KiB. If you read only after the end, or from only one of two pipes, or only a part, the program waits for its reader for ever.",
        ),
    )
    .check_each(
        "shows bytes that are not UTF-8 as �",
        [|| Job("write-bytes"), || Job("write-letters")],
        returns_what_is_right(
            "A name in a stranger's file has a byte that is not UTF-8. \
             Do not panic, and do not lose the rest. A character may be split between two pieces that you read, so decode all bytes together.",
        ),
    )
    .check_each("waits without checking again and again", [|| GivenUp], |mine, _| {
        let polls = mine.recording.polls("preview");
        if polls <= MOST_POLLS {
            return Ok(());
        }
        fault(
            format!("While the program ran, your answer was polled {polls} times, where at most {MOST_POLLS} are right."),
            "`try_wait` returns immediately. If you call it again after each pause, you work for nothing, and notice the end late. Await the end: the system wakes you.",
        )
    })
}

fn returns_what_is_right(why: &'static str) -> impl Fn(&Run<Words>, &Run<Words>) -> Judgement {
    let word = |words: &Words| words.clone().unwrap_or_else(|kind| format!("the error `{kind}`"));
    move |mine, possible| mine.returns_what_is_right(possible, word, why)
}

fn words(result: &Result<String, ChildError>) -> String {
    match result {
        Ok(text) if text.len() > 100 => format!("{} bytes", text.len()),
        Ok(text) => format!("{text:?}"),
        Err(ChildError::NotRun(_)) => "`Err(ChildError::NotRun(_))`".to_owned(),
        Err(ChildError::Failed(status)) => format!("`Err(ChildError::Failed(_))` with the {status}"),
    }
}
