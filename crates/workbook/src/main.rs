//! The reader's command, and the maintainer's: `cargo workbook help` lists what it does.
//!
//! It knows no topic by name: the exercises are the test targets of `crates/*/Cargo.toml` whose path is `exercises/NAME/check.rs`,
//! and the topics stand in the order in which the README of the workspace names them.

mod attempt;
mod build;
mod course;
mod dispatch;
mod files;
mod progress;
mod reader;
mod seal;
mod verify;
mod watch;

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use lexopt::Arg::{Long, Short, Value};

use course::Course;

/// What a command says when it cannot do its work: a sentence.
type Told<T> = Result<T, String>;

const HELP: &str = "\
The exercises of this workbook.

  cargo workbook                   the map: topics in order, the state of each exercise, where to go on
  cargo workbook test [TOPIC]      the reader's answers: those that were begun
  cargo workbook try EXERCISE      one exercise: its checks, up to the first that fails
  cargo workbook watch EXERCISE    the same again at every save; keys: h hint, n next, q quit
  cargo workbook hint EXERCISE     one more step each time
  cargo workbook solution EXERCISE [--reveal]
                                   after solving it (or with --reveal): the solution beside your answer
  cargo workbook reset EXERCISE    the untouched answer again; yours is kept in .workbook/

An EXERCISE is `gather/two_stages`, `two_stages`, or a topic for its next one. `just test`, `just try`, ... are the same, shorter.

For maintainers:

  cargo workbook verify [TOPIC] [--show]
                                   proves the exercises: solutions pass, each mistake fails in the check it names;
                                   --show prints every verdict, to be read as a reader would
  cargo workbook seal [TOPIC]      notes what checks, starts and solutions are, so that a reader's edit is noticed";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(sentence) => {
            // Standard error may be closed; then nobody reads.
            let _ = writeln!(io::stderr(), "{sentence}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Told<ExitCode> {
    let (mut words, mut reveal, mut show) = (Vec::new(), false, false);
    let mut parser = lexopt::Parser::from_env();
    while let Some(word) = parser.next().map_err(|error| error.to_string())? {
        match word {
            Short('h') | Long("help") => words = vec!["help".to_owned()],
            Long("reveal") => reveal = true,
            Long("show") => show = true,
            Value(word) => words.push(word.to_string_lossy().into_owned()),
            Long(flag) => return Err(format!("There is no flag --{flag}. See cargo workbook help.")),
            Short(flag) => return Err(format!("There is no flag -{flag}. See cargo workbook help.")),
        }
    }
    let words: Vec<_> = words.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    if words == ["help"] {
        say(HELP);
        return Ok(ExitCode::SUCCESS);
    }
    let course = Course::find()?;
    match words.as_slice() {
        [] | ["map"] => Ok(reader::map(&course)),
        ["test"] => reader::test(&course, None),
        ["test", topic] => reader::test(&course, Some(topic)),
        ["try", which] => reader::try_one(&course, course.exercise(which)?),
        ["watch", which] => watch::watch(&course, course.exercise(which)?),
        ["hint", which] => reader::hint(&course, course.exercise(which)?),
        ["solution", which] => reader::solution(&course, course.exercise(which)?, reveal),
        ["reset", which] => reader::reset(&course, course.exercise(which)?),
        ["verify"] => verify::verify(&course, None, show),
        ["verify", topic] => verify::verify(&course, Some(topic), show),
        ["seal"] => seal::write(&course, None),
        ["seal", topic] => seal::write(&course, Some(topic)),
        ["try" | "watch" | "hint" | "solution" | "reset"] => {
            Err(format!("Which exercise? For example: cargo workbook {} {}", words[0], course.next_id()))
        }
        _ => Err(format!("cargo workbook does not know `{}`. See cargo workbook help.", words.join(" "))),
    }
}

/// Prints text and a line break; where standard output is closed, nobody reads.
fn say(text: impl Display) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// `1 check`, `2 checks`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
