//! The reader's command, and the maintainer's: `cargo workbook help` lists what it does.

mod dispatch;
mod reader;
mod verify;
mod watch;

use std::io::{self, IsTerminal, Write};
use std::process::{self, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};

use lexopt::Arg::{Long, Short, Value};
use similar::get_close_matches;

use bank::{Course, Told, say, wrapped, write_seal};

/// Set by Ctrl-C: the current work stops.
static STOP: AtomicBool = AtomicBool::new(false);

/// The exit code after Ctrl-C.
const STOPPED: u8 = 130;

const COMMANDS: [&str; 9] = ["map", "test", "try", "watch", "hint", "solution", "reset", "verify", "seal"];

const HELP: &str = "\
The exercises of this workbook.

  cargo workbook                   show the map: topics in order,
                                   the state of each exercise, where to go on
  cargo workbook test [TOPIC]      check the answers that you have begun
  cargo workbook try EXERCISE [--full]
                                   check one exercise, up to the first check
                                   that fails;
                                   --full shows the whole timelines,
                                   and all that rustc says
  cargo workbook watch EXERCISE    check it again at every save;
                                   keys: h hint, f full, n next, q quit
  cargo workbook hint EXERCISE     show one more hint, first the hints
                                   for the check that failed
  cargo workbook solution EXERCISE [--reveal]
                                   after you have solved it (or with --reveal):
                                   show the solution beside your answer
  cargo workbook reset EXERCISE    restore the original answer.rs;
                                   yours is kept in .workbook/

An EXERCISE is `gather/two_stages`, `two_stages`, its folder, or a topic.
A topic stands for its next exercise (for `solution`, for the last one that
you solved).

For maintainers:

  cargo workbook verify [TOPIC | EXERCISE] [--show]
                                   prove the exercises: solutions pass,
                                   each mistake fails in the check it names;
                                   --show prints every verdict,
                                   to be read as a reader would
  cargo workbook seal [TOPIC]      note the shipped checks, starts and
                                   solutions, so that an edit is noticed";

/// Follows a complaint. The command has a line of its own, so that it can be copied whole.
const HELP_IS_THERE: &str = "\nSee: cargo workbook help";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(sentence) => {
            // A pipe gets each sentence in one line.
            let sentence = if io::stderr().is_terminal() { wrapped(&sentence) } else { sentence };
            // If standard error is closed, the sentence is lost.
            let _ = writeln!(io::stderr(), "{sentence}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Told<ExitCode> {
    // A second Ctrl-C ends a program that does not stop.
    ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            process::exit(STOPPED.into())
        }
    })
    .map_err(|error| format!("a handler for Ctrl-C cannot be installed: {error}."))?;
    let (mut words, mut reveal, mut show, mut full) = (Vec::new(), false, false, false);
    let mut parser = lexopt::Parser::from_env();
    while let Some(word) = parser.next().map_err(|error| error.to_string())? {
        match word {
            Short('h') | Long("help") => words = vec!["help".to_owned()],
            Long("reveal") => reveal = true,
            Long("show") => show = true,
            Long("full") => full = true,
            Value(word) => words.push(word.to_string_lossy().into_owned()),
            Long(flag) => return Err(format!("There is no flag --{flag}.{HELP_IS_THERE}")),
            Short(flag) => return Err(format!("There is no flag -{flag}.{HELP_IS_THERE}")),
        }
    }
    let words: Vec<_> = words.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    if words == ["help"] {
        say(HELP);
        return Ok(ExitCode::SUCCESS);
    }
    for (flag, given, command) in [("full", full, "try"), ("reveal", reveal, "solution"), ("show", show, "verify")] {
        if given && words.first() != Some(&command) {
            return Err(format!("--{flag} goes with `{command}` only.{HELP_IS_THERE}"));
        }
    }
    let course = Course::find()?;
    match words.as_slice() {
        [] | ["map" | "list" | "next"] => Ok(reader::map(&course)),
        ["test"] => reader::test(&course, None),
        ["test", topic] => reader::test(&course, Some(topic)),
        ["try", which] => reader::try_one(&course, course.exercise(which)?, full),
        ["watch", which] => watch::watch(&course, course.exercise(which)?),
        ["hint", which] => reader::hint(&course, course.exercise(which)?),
        ["solution", which] if reveal => reader::solution(&course, course.exercise(which)?, true),
        ["solution", which] => reader::solution(&course, course.solved_exercise(which)?, false),
        ["reset", which] => reader::reset(&course, course.exercise(which)?),
        ["verify"] => verify::verify(&course, None, show),
        ["verify", which] => verify::verify(&course, Some(which), show),
        ["seal"] => write_seal(&course, None),
        ["seal", topic] => write_seal(&course, Some(topic)),
        ["try" | "watch" | "hint" | "solution" | "reset"] => {
            Err(format!("Which exercise? For example:\n    cargo workbook {} {}", words[0], course.next_id()))
        }
        words => Err(unknown(words)),
    }
}

/// The message about words that are not a command.
fn unknown(words: &[&str]) -> String {
    let word = words[0];
    let what = match get_close_matches(word, &COMMANDS, 1, 0.6).as_slice() {
        // The command is right, but it does not take the words after it.
        [near] if *near == word => format!("`{}`.", words.join(" ")),
        [near] => format!("`{word}`: did you mean `{near}`?"),
        _ => format!("`{word}`. The commands are {}.", COMMANDS.join(", ")),
    };
    format!("cargo workbook does not know {what}{HELP_IS_THERE}")
}
