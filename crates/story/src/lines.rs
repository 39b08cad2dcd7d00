//! The lines of a story: each event is printed when it happens.

use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::panic;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use console::Term;
use timeline::{Clock, Micros, Recorder};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

/// Prints events as `   1.50 s  users        answered`.
pub(crate) struct Lines {
    pub(crate) recorder: Recorder,
    pub(crate) color: bool,
    /// How many columns a line may have. A pipe or a file has no such limit.
    pub(crate) width: Option<usize>,
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() <= Level::INFO {
            let lane = self.recorder.current_lane().unwrap_or_default();
            print(line(self.recorder.now(), &lane, &timeline::message(event), self.color, self.width));
        }
    }
}

/// With less room for its text, in columns, a line is not wrapped.
const LEAST_ROOM: usize = 16;

/// How many columns the name of a lane has at least. Two spaces follow it, also if it is longer: a name and a text may have spaces of their own.
const NAME: usize = 11;

fn line(at: Micros, lane: &str, text: &str, color: bool, width: Option<usize>) -> String {
    // Rounded with whole numbers, so that the asyncio twin prints the same bytes.
    let hundredths = (at + 5_000) / 10_000;
    let time = format!("{:>4}.{:02} s", hundredths / 100, hundredths % 100);
    let indent = format!("{time}  {lane:<NAME$}  ").chars().count();
    let room = width.map(|width| width.saturating_sub(indent)).filter(|room| *room >= LEAST_ROOM);
    let text =
        room.map_or_else(|| text.to_owned(), |room| wrapped(text, room).replace('\n', &format!("\n{:indent$}", "")));
    if color {
        format!("\x1b[2m{time}\x1b[0m  \x1b[1m{lane:<NAME$}\x1b[0m  {text}")
    } else {
        format!("{time}  {lane:<NAME$}  {text}").trim_end().to_owned()
    }
}

/// Whether the story goes on after standard output is closed.
static OUTLIVES_THE_PIPE: AtomicBool = AtomicBool::new(false);

/// From here on a closed standard output does not end the program.
pub(crate) fn outlive_the_pipe() {
    OUTLIVES_THE_PIPE.store(true, Ordering::Relaxed);
}

/// Prints text to standard output that is not a line of the story, such as a table.
///
/// If standard output is closed (`| head`), the program ends quietly, unless it has a file to write at its end.
pub fn print(line: impl Display) {
    if let Err(error) = writeln!(io::stdout(), "{line}") {
        let broken_pipe = error.kind() == ErrorKind::BrokenPipe;
        if broken_pipe && OUTLIVES_THE_PIPE.load(Ordering::Relaxed) {
            return;
        }
        if !broken_pipe {
            complain(format_args!("standard output cannot be written: {error}."));
        }
        process::exit(i32::from(!broken_pipe));
    }
}

/// Prints a sentence to standard error, wrapped on a terminal. If standard error is closed, the sentence is lost.
pub(crate) fn complain(sentence: impl Display) {
    let width = io::stderr().is_terminal().then(|| width_of(&Term::stderr()));
    let _ = writeln!(io::stderr(), "{}", fitted(&sentence.to_string(), width));
}

/// Prints each later panic as Rust does, but without a backtrace, also if `RUST_BACKTRACE` is 1.
///
/// A panic is a part of some stories. A backtrace hides their lines, and keeps the only thread long enough to change the timeline.
/// `RUST_BACKTRACE=full` still prints the backtrace.
pub(crate) fn print_panics_without_a_backtrace() {
    if std::env::var_os("RUST_BACKTRACE").is_none_or(|asked| asked != "full") {
        panic::set_hook(Box::new(|panicked| {
            complain(format_args!("\nthread '{}' {panicked}", thread::current().name().unwrap_or("<unnamed>")));
        }));
    }
}

/// Wraps each line of a text to at most `width` columns; without a width, the text stays as it is.
fn fitted(text: &str, width: Option<usize>) -> String {
    let Some(width) = width else { return text.to_owned() };
    text.split('\n').map(|line| wrapped(line, width)).collect::<Vec<_>>().join("\n")
}

/// Whether standard output shows colours: `NO_COLOR` (<https://no-color.org>) turns them off, then `CLICOLOR_FORCE` turns them on.
/// Without either, a terminal has colours unless `CLICOLOR` is 0 (<https://bixense.com/clicolors/>) or `TERM` is dumb.
pub(crate) fn color() -> bool {
    let is = |name, value| std::env::var_os(name).is_some_and(|found| found == value);
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let forced = set("CLICOLOR_FORCE") && !is("CLICOLOR_FORCE", "0");
    !set("NO_COLOR") && (forced || io::stdout().is_terminal() && !is("CLICOLOR", "0") && !is("TERM", "dumb"))
}

/// The widest that a line becomes: drawing a chart of many more columns takes a minute.
const WIDEST: usize = 1_000;

/// How many columns standard output has: the variable `COLUMNS`, else the terminal's, else 80; a width of 0 counts as unset.
pub(crate) fn width() -> usize {
    width_of(&Term::stdout())
}

/// How many columns standard output has if it is a terminal.
pub(crate) fn terminal_width() -> Option<usize> {
    io::stdout().is_terminal().then(width)
}

/// How many lines standard output shows at once; there is no limit if it is not a terminal.
pub(crate) fn terminal_height() -> usize {
    let terminal = Some(Term::stdout()).filter(|_| io::stdout().is_terminal());
    terminal.and_then(|terminal| terminal.size_checked()).map_or(usize::MAX, |(lines, _)| usize::from(lines))
}

fn width_of(terminal: &Term) -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || terminal.size_checked().map(|(_, columns)| usize::from(columns));
    let known = |columns: &usize| *columns > 0;
    asked.filter(known).or_else(|| terminal().filter(known)).unwrap_or(80).min(WIDEST)
}

/// Wraps a sentence to lines of at most `width` columns.
pub(crate) fn wrapped(sentence: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in sentence.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

/// Escapes control characters in a sentence: it may quote what the reader typed, and they could change the terminal.
pub(crate) fn tame(sentence: &str) -> String {
    let tame =
        |letter: char| if letter.is_control() { letter.escape_default().to_string() } else { letter.to_string() };
    sentence.chars().map(tame).collect()
}

/// The first lines of a long list, and how many more there are.
pub(crate) fn shortened(list: &str) -> String {
    const MOST: usize = 9;
    let lines: Vec<_> = list.lines().collect();
    if lines.len() <= MOST + 1 {
        return list.to_owned();
    }
    format!("{}\n  and {} more", lines[..MOST].join("\n"), lines.len() - MOST)
}

/// The words for a clock in a heading.
pub(crate) fn clock_words(clock: Clock) -> &'static str {
    match clock {
        Clock::Virtual => "virtual clock",
        Clock::Real => "real clock",
    }
}

#[cfg(test)]
mod tests {
    use super::{fitted, line, wrapped};

    #[test]
    fn a_sentence_is_wrapped_between_words() {
        assert_eq!(wrapped("one two three", 7), "one two\nthree");
        assert_eq!(wrapped("incomprehensible", 7), "incomprehensible");
    }

    #[test]
    fn a_line_has_the_time_the_lane_and_the_words() {
        assert_eq!(line(1_234_567, "users", "answered", false, None), "   1.23 s  users        answered");
        assert_eq!(line(5_000, "", "", false, Some(80)), "   0.01 s");
        assert_eq!(line(0, "same instant", "in time", false, None), "   0.00 s  same instant  in time");
    }

    #[test]
    fn on_a_terminal_the_words_of_a_long_line_stay_below_each_other() {
        let told = |lane, color, width| line(0, lane, "the first answer came", color, width);
        let long = "   0.00 s  users        the first answer came";
        assert_eq!(told("users", false, None), long);
        assert_eq!(told("users", false, Some(45)), long);
        assert_eq!(told("users", false, Some(44)), format!("   0.00 s  users        the first answer\n{:24}came", ""));
        assert_eq!(
            told("a lane with a name", false, Some(47)),
            format!("   0.00 s  a lane with a name  the first answer\n{:31}came", "")
        );
        assert!(told("users", true, Some(44)).ends_with(&format!("\x1b[0m  the first answer\n{:24}came", "")));
        assert_eq!(told("users", false, Some(39)), long, "too narrow for a column of text");
    }

    #[test]
    fn on_a_terminal_a_complaint_is_broken_between_words() {
        let complaint = "Deadlock: all wait\n  and 3 more";
        assert_eq!(fitted(complaint, Some(13)), "Deadlock: all\nwait\n  and 3 more");
        assert_eq!(fitted(complaint, None), complaint);
    }
}
