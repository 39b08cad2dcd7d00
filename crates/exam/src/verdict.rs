//! What the reader sees at the end, and what `workbook` reads.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Duration;
use std::{env, mem, process, sync, thread};

use console::style;
use drawing::Look;
use timeline::Recording;

use crate::cut::what_matters;
use crate::fault::Fault;

/// The environment variable that names the file for the report; the one-time word comes on standard input.
const REPORT: &str = "EXAM_REPORT";

/// The environment variable that asks for a verdict without cuts: all checks, all lanes, the whole time.
const FULL: &str = "EXAM_FULL";

/// How many lines a verdict may have: a terminal of 24 lines has room for it, a line of keys and a prompt.
const MOST_LINES: usize = 22;

/// How many of these lines are for what the answer did, and how many for why that is wrong.
const MOST_OF_A_TEXT: usize = 9;

/// What is known about an answer so far.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    exercise: &'static str,
    report: Option<Report>,
    /// Whether to print a mark where each check begins.
    marks: bool,
    /// The checks that have begun. The last one is under way, or failed, or passed like all the others.
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

/// Where `workbook` looks for the outcome.
#[derive(Clone, Debug)]
struct Report {
    file: PathBuf,
    /// Only `workbook` and this value know it: it is read from standard input before the answer runs.
    word: String,
}

impl Report {
    fn expected() -> Option<Self> {
        let file = env::var_os(REPORT)?.into();
        let mut word = String::new();
        io::stdin().read_line(&mut word).ok()?;
        if word.trim().is_empty() {
            // An answer has started its own check as a program. It would start another one, and so on.
            process::exit(2);
        }
        Some(Self { file, word: word.trim().to_owned() })
    }
}

impl Verdict {
    pub(crate) fn new(exercise: &'static str) -> Self {
        Self { exercise, marks: true, report: Report::expected(), checks: Vec::new(), failed: None, possible: None }
    }

    /// The next check begins.
    pub(crate) fn begin(&mut self, check: &'static str) {
        self.goes_on(check);
        self.possible = None;
        if self.marks && self.report.is_some() {
            // `workbook` shows separately what an answer prints in each check. Only `workbook` needs the marks.
            let mark = move || writeln!(io::stdout(), "\u{1}{check}").and(writeln!(io::stderr(), "\u{1}{check}"));
            self.marks = within_a_second(mark);
        }
    }

    /// The next check begins. It judges the runs of the one before.
    pub(crate) fn goes_on(&mut self, check: &'static str) {
        self.checks.push(check);
    }

    /// What is possible in this check, to be drawn if it fails.
    pub(crate) fn possible(&mut self, recording: Recording) {
        self.possible = Some(recording);
    }

    /// The current check fails.
    pub(crate) fn fail(&mut self, fault: Fault, mine: Option<Recording>) {
        self.failed = Some(Failed { fault, mine });
    }

    pub(crate) fn passed(&self) -> bool {
        self.failed.is_none()
    }

    /// Writes the report if one is expected; otherwise prints these [words](Verdict::words). After the last word, nothing prints any more.
    ///
    /// The report's first line is the word, the second the exercise, the third `passed` or `failed: ` and the check. The rest is for the reader.
    pub(crate) fn announce(&self, words: &str, is_last_word: bool) {
        match &self.report {
            None => {
                let mut output = io::stdout().lock();
                // If standard output is closed, the words are lost.
                let _ = writeln!(output, "{words}").and_then(|()| output.flush());
                if is_last_word {
                    // Keeps the lock, because an answer that prints for ever would push the verdict off the screen.
                    mem::forget(output);
                }
            }
            Some(Report { file, word }) => {
                let outcome = match (&self.failed, self.checks.last()) {
                    (Some(_), Some(check)) => format!("failed: {check}"),
                    _ => "passed".to_owned(),
                };
                // An error needs no handling: without a report, the answer counts as failed.
                let _ = fs::write(file, format!("{word}\n{}\n{outcome}\n{words}\n", self.exercise));
            }
        }
    }

    /// The verdict with as many lanes as fit, or with all lanes if the environment asks for them.
    pub(crate) fn words(&self) -> String {
        if env::var_os(FULL).is_some_and(|value| !value.is_empty() && value != "0") {
            return self.words_with(None);
        }
        let most = self.failed.as_ref().and_then(|failed| failed.mine.as_ref()).map_or(0, |mine| mine.lanes.len());
        let mut lanes = most.max(self.possible.as_ref().map_or(0, |run| run.lanes.len())).min(MOST_LINES);
        loop {
            let text = self.words_with(Some(lanes));
            let over = text.lines().count().saturating_sub(MOST_LINES);
            if over == 0 || lanes == 0 {
                return text;
            }
            // Each lane has a line in each of two timelines.
            lanes = lanes.saturating_sub(over.div_ceil(2));
        }
    }

    /// The verdict with at most `most` lanes in each timeline, or with everything.
    fn words_with(&self, most: Option<usize>) -> String {
        let width = columns();
        let passed = |check: &str| format!("  {} {check}", style("✓").green());
        let mut lines = vec![style(self.exercise).bold().to_string()];
        let Some(Failed { fault, mine }) = &self.failed else {
            lines.extend(self.checks.iter().map(|check| passed(check)));
            let solved = format!("{} Compare it: cargo workbook solution {}", style("Solved.").green(), self.exercise);
            lines.extend([String::new(), solved]);
            return lines.join("\n");
        };
        let (failing, before) = self.checks.split_last().unwrap_or((&"", &[]));
        match (before.len(), most) {
            (0, _) => {}
            (_, None) => lines.extend(before.iter().map(|check| passed(check))),
            (count, _) => lines.push(passed(&format!("{count} check{} passed", if count == 1 { "" } else { "s" }))),
        }
        lines.push(format!("  {} {}", style("✗").red(), style(failing).bold()));
        for sentences in [&fault.what, &fault.why].into_iter().filter(|sentences| !sentences.is_empty()) {
            let mut wrapped: Vec<_> = drawing::wrapped(sentences, width).lines().map(str::to_owned).collect();
            // A panic can print a whole list. Its last line says where it happened.
            if most.is_some() && wrapped.len() > MOST_OF_A_TEXT {
                wrapped.splice(MOST_OF_A_TEXT - 2..wrapped.len() - 1, ["…".to_owned()]);
            }
            lines.extend([String::new(), wrapped.join("\n")]);
        }
        let drawings: Vec<_> = match (mine, most) {
            (Some(mine), Some(most)) => what_matters(mine, self.possible.as_ref(), &fault.what, most),
            _ => [mine.as_ref(), self.possible.as_ref()].into_iter().flatten().cloned().collect(),
        };
        // A timeline without a call shows nothing; the sentence is enough.
        let drawings: Vec<_> = drawings.iter().filter(|recording| !recording.lanes.is_empty()).collect();
        if !drawings.is_empty() {
            let color = console::colors_enabled();
            let look = Look { width, color, lanes: usize::MAX, dense: most.is_some(), ..Look::default() };
            lines.extend([String::new(), drawing::chart(&drawings, &look).trim_end().to_owned()]);
        }
        let more = most.map_or_else(String::new, |_| format!("\nMore:   cargo workbook try {} --full", self.exercise));
        lines.extend([String::new(), format!("A hint: cargo workbook hint {}{more}", self.exercise)]);
        lines.join("\n")
    }
}

/// Runs `write` on a separate thread, and returns whether it ends within a second: an answer may hold the lock of an output for ever.
pub(crate) fn within_a_second<T: Send + 'static>(write: impl FnOnce() -> T + Send + 'static) -> bool {
    let (done, wait) = sync::mpsc::channel();
    thread::spawn(move || done.send(write()));
    wait.recv_timeout(Duration::from_secs(1)).is_ok()
}

/// The width of the terminal, or the one that the environment asks for.
fn columns() -> usize {
    let asked = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
    asked.or_else(terminal).unwrap_or(80).clamp(40, 100)
}
