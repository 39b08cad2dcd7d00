//! What the reader sees at the end, and what `workbook` reads.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, IsTerminal, Write as _};
use std::mem;
use std::path::PathBuf;

use drawing::Look;
use timeline::Recording;

use crate::fault::Fault;

/// The environment variable that names the file for the report; the one-time word comes on standard input.
const REPORT: &str = "EXAM_REPORT";

/// How many lanes of each timeline a verdict shows: two timelines are to fit a screen.
const MOST_LANES: usize = 10;

/// What is known about an answer so far.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    exercise: &'static str,
    report: Option<Report>,
    /// The checks that were begun; the last one is under way, or failed, or passed as all did.
    checks: Vec<&'static str>,
    failed: Option<Failed>,
    /// What is possible in the check that is under way.
    possible: Option<Recording>,
}

#[derive(Clone, Debug)]
struct Failed {
    fault: Fault,
    mine: Option<Recording>,
}

/// Where `workbook` waits for the outcome.
#[derive(Clone, Debug)]
struct Report {
    file: PathBuf,
    /// Known to `workbook` and to this value alone: it is read from standard input before the answer runs.
    word: String,
}

impl Report {
    fn expected() -> Option<Self> {
        let file = env::var_os(REPORT)?.into();
        let mut word = String::new();
        io::stdin().read_line(&mut word).ok()?;
        Some(Self { file, word: word.trim().to_owned() })
    }
}

impl Verdict {
    pub(crate) fn new(exercise: &'static str) -> Self {
        Self { exercise, report: Report::expected(), checks: Vec::new(), failed: None, possible: None }
    }

    /// The next check begins.
    pub(crate) fn begin(&mut self, check: &'static str) {
        self.checks.push(check);
        self.possible = None;
    }

    /// What is possible in this check, to be drawn if it fails.
    pub(crate) fn possible(&mut self, recording: Recording) {
        self.possible = Some(recording);
    }

    /// The check that is under way fails.
    pub(crate) fn fail(&mut self, fault: Fault, mine: Option<Recording>) {
        self.failed = Some(Failed { fault, mine });
    }

    pub(crate) fn passed(&self) -> bool {
        self.failed.is_none()
    }

    /// Writes the report if one is expected, else prints the verdict; after the last word nobody prints any more.
    ///
    /// The report's first line is the word, the second the exercise, the third `passed` or `failed: ` and the check; the rest is for the reader.
    pub(crate) fn announce(&self, is_last_word: bool) {
        let words = self.words();
        match &self.report {
            None => {
                let mut output = io::stdout().lock();
                // Standard output may be closed; then nobody reads.
                let _ = writeln!(output, "{words}").and_then(|()| output.flush());
                if is_last_word {
                    // Stays locked: an answer that prints for ever would push the verdict off the screen.
                    mem::forget(output);
                }
            }
            Some(Report { file, word }) => {
                let outcome = match (&self.failed, self.checks.last()) {
                    (Some(_), Some(check)) => format!("failed: {check}"),
                    _ => "passed".to_owned(),
                };
                // Without a report the answer counts as failed, so an error here needs no second way.
                let _ = fs::write(file, format!("{word}\n{}\n{outcome}\n{words}\n", self.exercise));
            }
        }
    }

    fn words(&self) -> String {
        let ink = Ink::of_stdout();
        let width = ink.width.min(100);
        let mut text = format!("\n{}\n\n", ink.bold(self.exercise));
        let (done, failing) = match self.failed {
            Some(_) => self.checks.split_at(self.checks.len().saturating_sub(1)),
            None => (self.checks.as_slice(), [].as_slice()),
        };
        // Writing to a String cannot fail.
        for check in done {
            let _ = writeln!(text, "  {} {check}", ink.green("✓"));
        }
        for check in failing {
            let _ = writeln!(text, "  {} {}", ink.red("✗"), ink.bold(check));
        }
        let Some(Failed { fault, mine }) = &self.failed else {
            let _ = write!(text, "\n{} Compare it: cargo workbook solution {}", ink.green("Solved."), self.exercise);
            return text;
        };
        for sentences in [&fault.what, &fault.why].into_iter().filter(|sentences| !sentences.is_empty()) {
            let _ = writeln!(text, "\n{}", wrapped(sentences, width));
        }
        let drawings: Vec<_> = [mine.as_ref(), self.possible.as_ref()].into_iter().flatten().collect();
        // Where no call was made there is nothing to be seen: the sentence says it.
        let drawings: Vec<_> = drawings.into_iter().filter(|recording| !recording.lanes.is_empty()).collect();
        if !drawings.is_empty() {
            let look = Look { width, color: ink.color, lanes: MOST_LANES, ..Look::default() };
            let _ = writeln!(text, "\n{}", drawing::chart(&drawings, &look).trim_end());
        }
        let _ = write!(text, "\nA hint: cargo workbook hint {}", self.exercise);
        text
    }
}

/// How to write: the terminal's colours and width, or those that the variables of the environment ask for.
struct Ink {
    color: bool,
    width: usize,
}

impl Ink {
    fn of_stdout() -> Self {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        let color = !set("NO_COLOR") && (set("CLICOLOR_FORCE") || io::stdout().is_terminal());
        let asked = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let terminal = || console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
        Self { color, width: asked.or_else(terminal).unwrap_or(80).max(40) }
    }

    fn bold(&self, text: &str) -> String {
        self.paint("1", text)
    }

    fn green(&self, text: &str) -> String {
        self.paint("32", text)
    }

    fn red(&self, text: &str) -> String {
        self.paint("31", text)
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// The text in lines of at most so many columns, broken between words.
fn wrapped(text: &str, width: usize) -> String {
    let mut lines = String::new();
    let mut column = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            lines.push('\n');
            column = 0;
        } else if column > 0 {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column = word.rsplit_once('\n').map_or(column + length, |(_, last)| last.chars().count());
    }
    lines
}
