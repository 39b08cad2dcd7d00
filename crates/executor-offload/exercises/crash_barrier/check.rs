//! The checks of `executor-offload/crash_barrier`.
//!
//! The program that answers start is this one, with a job as its argument.
//! A job holds a connection to the check as long as it lives, so the check knows when it has begun, and when it has ended.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use exam::{Exam, Judgement, Run, fault};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use Scene::{GivenUp, HandShake, Job, Patience, Program, Starts};
use scenes::{DASHES, JOB, Scene, Words, is_to_be_said, play, run};

/// How often an answer is polled at most meanwhile: for its start, and some times for what the system says.
const MOST_POLLS: u64 = 8;

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
        [|| Job("say two  words \"and 'more\" "), || Job("say $HOME; exit 1"), || Job(DASHES), || Job("\t--job\nand more\n"), || Job("")],
        returns_what_is_right(
            "Here the program writes its arguments. The job is one of them, and the only one, as it is: with its spaces and quotes, and also if it is empty. \
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
    .check_each("starts the program once", [|| Starts("crash"), || Starts("fail 1"), || Starts("nothing"), || Starts("write")], |mine, possible| {
        if mine.output == possible.output {
            return Ok(());
        }
        let starts = mine.output.clone().unwrap_or_default();
        fault(
            format!("Your answer started the program {starts} times for one job."),
            "A job that crashes a program crashes it again, and what the program did before is done twice. Whether to try again is for the caller to say.",
        )
    })
    .check_each(
        "waits as long as the program takes",
        [|| Patience("shake-hands")],
        returns_what_is_right(
            "While the program ran, the check moved Tokio's clock on by fifty minutes, and your answer gave up. (The picture shows the real time.) How long is too long is for the caller to say: it drops your future.",
        ),
    )
    .check_each(
        "waits for the end of the program, and not of its output",
        [|| Patience("close")],
        returns_what_is_right(
            "The program closed its standard output, went on for a while, and failed. The end of what it writes is not its end: only `wait` has its exit status.",
        ),
    )
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
            "It complains much, and then it writes much: 70 MB. A pipe holds some 64 KiB: who waits for the end first, and reads then, or reads only one of two pipes, \
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

fn returns_what_is_right(why: &'static str) -> impl Fn(&Run<Words>, &Run<Words>) -> Judgement {
    let word = |words: &Words| words.clone().unwrap_or_else(|kind| format!("the error `{kind}`"));
    move |mine, possible| mine.returns_what_is_right(possible, word, why)
}
