//! One attempt: the answer is built, and its checks run in a process of their own that can be killed.

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{self, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use console::{Term, style};

use crate::Told;
use crate::build::{Built, Message, cargo, wait};
use crate::course::{Course, Exercise};
use crate::dispatch::VARIANT;
use crate::progress::Progress;
use crate::seal;

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    /// The check that failed.
    Failed(String),
    /// It does not compile.
    NotBuilt,
    /// The program ended without a report, or was ended: why.
    NoReport(String),
    /// A sealed file was edited.
    Edited,
    /// Somebody stopped it.
    Stopped,
}

/// How an attempt ended, and all there is to say about it.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) outcome: Outcome,
    pub(crate) text: String,
}

/// What a run of the checks left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) outcome: Outcome,
    /// The verdict, for the reader.
    pub(crate) verdict: String,
    printed: String,
    pub(crate) took: Duration,
}

/// A check ends itself in seconds: this is for when not even its watchdog can.
const LIMIT: Duration = Duration::from_mins(1);

/// How much of what an answer prints is kept, and how many lines of it are shown.
const MOST_BYTES: usize = 16 * 1024;
const MOST_LINES: usize = 12;

/// How many errors of rustc are shown: the first ones are the cause.
const MOST_ERRORS: usize = 3;

/// Builds and runs the reader's answer, and notes it when it passes.
pub(crate) fn attempt(course: &Course, exercise: &Exercise, stop: &AtomicBool) -> Told<Attempt> {
    let edited = seal::broken(course, exercise);
    if !edited.is_empty() {
        return Ok(Attempt { outcome: Outcome::Edited, text: seal::words(&edited) });
    }
    // Read before the build: if it is saved once more meanwhile, the older text is what passed.
    let answer = exercise.text("answer.rs")?;
    let words = ["test", "--no-run", "--package", &exercise.topic, "--test", &exercise.name];
    let built = cargo(&course.root, &words, console::colors_enabled(), stop)?;
    let about_answer = format!("/{}/answer.rs", exercise.name);
    let Some(program) = built.programs.get(&exercise.name).filter(|_| built.succeeded) else {
        let outcome = if stop.load(Ordering::Relaxed) { Outcome::Stopped } else { Outcome::NotBuilt };
        return Ok(Attempt { outcome, text: errors(&built, exercise, &about_answer) });
    };
    let terminal = Term::stdout().size_checked().map_or(80, |(_, columns)| columns);
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let ran = run(program, &exercise.id(), "", &course.root, asked.unwrap_or(terminal), stop)?;
    let mut text = ran.printed;
    if ran.outcome == Outcome::Passed {
        Progress::note_solved(&course.root, &exercise.id(), &answer)?;
    } else {
        let warned =
            built.messages.iter().filter(|message| message.files.iter().any(|file| file.ends_with(&about_answer)));
        let warned: Vec<_> = warned.take(MOST_ERRORS).map(|message| message.rendered.as_str()).collect();
        if !warned.is_empty() {
            text = format!("{text}\nrustc warns:\n\n{}\n", warned.concat().trim_end());
        }
    }
    text.push_str(&ran.verdict);
    Ok(Attempt { outcome: ran.outcome, text })
}

/// rustc's words about the reader's file first.
fn errors(built: &Built, exercise: &Exercise, about_answer: &str) -> String {
    let errors = built.messages.iter().filter(|message| message.is_error && message.target == exercise.name);
    // What points into a macro of some library was written in the answer, too: the check compiled when it was shipped.
    let about_check = about_answer.replace("answer.rs", "check.rs");
    let (others, mine): (Vec<_>, Vec<_>) =
        errors.partition(|error| error.files.is_empty() || error.files.iter().any(|file| file.ends_with(&about_check)));
    let shown = |errors: &[&Message]| {
        let first: Vec<_> = errors.iter().take(MOST_ERRORS).map(|error| error.rendered.trim_end().to_owned()).collect();
        let more = errors.len().saturating_sub(MOST_ERRORS);
        let more =
            if more > 0 { format!("\n\n… and {}.", crate::counted(more, "more error")) } else { String::new() };
        first.join("\n\n") + &more
    };
    match (mine.as_slice(), others.as_slice()) {
        ([], []) => built.complaint.clone(),
        // The first is the cause: the others follow from it.
        ([], others) => format!(
            "{}\n\nThe check calls your function, which has to keep its name and its types:\n\n    {}\n\n\
             The untouched answer: just reset {} (yours is kept)",
            shown(&others[..1]),
            exercise.signature().unwrap_or_default(),
            exercise.id()
        ),
        (mine, _) => shown(mine) + "\n\nYour answer does not compile yet.",
    }
}

/// Runs a program of checks, with a one-time word that only its last check can send back; the verdict has lines of at most `width` columns.
///
/// `variant` is the answer to be checked, in a program that holds several.
pub(crate) fn run(program: &Path, id: &str, variant: &str, folder: &Path, width: u16, stop: &AtomicBool) -> Told<Ran> {
    let report = Report::expect()?;
    let start = Instant::now();
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env("EXAM_REPORT", &report.file)
        .env(VARIANT, variant)
        .env("RUST_BACKTRACE", "0")
        .env("COLUMNS", width.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if console::colors_enabled() {
        command.env("CLICOLOR_FORCE", "1");
    } else {
        command.env("NO_COLOR", "1");
    }
    let failed = |error| format!("{} cannot be run: {error}.", program.display());
    let mut child = command.spawn().map_err(failed)?;
    if let Some(mut input) = child.stdin.take() {
        // A program that ends before it reads has no report either.
        let _ = writeln!(input, "{}", report.word);
    }
    let printed = [child.stdout.take().map(Printed::collect), child.stderr.take().map(Printed::collect)];
    let status = wait(&mut child, stop, LIMIT).map_err(failed)?;
    let took = start.elapsed();
    let printed: Vec<_> = printed.into_iter().flatten().map(Printed::so_far).collect();
    let (outcome, verdict) = report.read(id).unwrap_or_else(|| {
        if stop.load(Ordering::Relaxed) {
            return (Outcome::Stopped, String::new());
        }
        let why = without_report(status, printed.iter().any(|text| text.contains("has overflowed its stack")));
        (Outcome::NoReport(why.clone()), format!("\n{}\n\n  {} {why}\n", style(id).bold(), style("✗").red()))
    });
    Ok(Ran { outcome, verdict, printed: shown(&printed.concat()), took })
}

/// Why there is no report.
fn without_report(status: Option<ExitStatus>, overflowed: bool) -> String {
    match status {
        None => format!("Your answer hung and was ended after {} s.", LIMIT.as_secs()),
        Some(_) if overflowed => {
            "Your answer overflowed the stack: a function that calls itself without an end, or a very large value."
                .to_owned()
        }
        Some(status) => format!(
            "Your answer ended the program before the last check ({status}): `std::process::exit` or `abort` ends everything, the checks too."
        ),
    }
}

/// What an answer prints, for the reader, who may be looking for a mistake with it.
fn shown(printed: &str) -> String {
    if printed.trim().is_empty() {
        return String::new();
    }
    let lines: Vec<_> =
        printed.lines().map(|line| format!("  {}", line.chars().take(200).collect::<String>())).collect();
    let more = if lines.len() > MOST_LINES { "\n  …" } else { "" };
    format!("\nYour answer printed:\n{}{more}\n", lines[..lines.len().min(MOST_LINES)].join("\n"))
}

/// The beginning of what a program writes; the rest is read and dropped, so that an endless print neither blocks nor fills the memory.
struct Printed {
    kept: Arc<Mutex<Vec<u8>>>,
    reader: thread::JoinHandle<()>,
}

impl Printed {
    fn collect(mut from: impl Read + Send + 'static) -> Self {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&kept);
        let reader = thread::spawn(move || {
            let mut chunk = [0; 8192];
            while let Ok(count @ 1..) = from.read(&mut chunk) {
                let mut kept = keep.lock().unwrap_or_else(PoisonError::into_inner);
                let room = MOST_BYTES.saturating_sub(kept.len());
                kept.extend_from_slice(&chunk[..count.min(room)]);
            }
        });
        Self { kept, reader }
    }

    /// What has come; a process that the answer started and left may hold the pipe open, so nobody waits for its end.
    fn so_far(self) -> String {
        let patience = Instant::now();
        while !self.reader.is_finished() && patience.elapsed() < Duration::from_millis(200) {
            thread::sleep(Duration::from_millis(1));
        }
        String::from_utf8_lossy(&self.kept.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

/// Where a program is to leave its report, and the word that must stand in it.
struct Report {
    file: PathBuf,
    word: String,
}

impl Report {
    fn expect() -> Told<Self> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        // The standard library seeds its hash maps with what the system has of randomness.
        let word = format!("{:016x}", RandomState::new().hash_one(number));
        let file = std::env::temp_dir().join(format!("workbook-{}-{number}.txt", process::id()));
        match fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(format!("{}: {error}.", file.display())),
            _ => Ok(Self { file, word }),
        }
    }

    /// The outcome and the verdict, if the report is there and is the one that was asked for.
    fn read(&self, id: &str) -> Option<(Outcome, String)> {
        let text = fs::read_to_string(&self.file).ok()?;
        let mut parts = text.splitn(4, '\n');
        let (word, exercise, outcome, verdict) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if word != self.word || exercise != id {
            return None;
        }
        let outcome =
            outcome.strip_prefix("failed: ").map_or(Outcome::Passed, |check| Outcome::Failed(check.to_owned()));
        Some((outcome, verdict.trim_end().to_owned() + "\n"))
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        // It may never have been written.
        let _ = fs::remove_file(&self.file);
    }
}
