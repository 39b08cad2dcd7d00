//! Checks the same exercise again at every save.
//!
//! Reads the answer ten times a second instead of listening to the file system.
//! This works on every file system, and with editors that replace the file.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use bank::{Attempt, Course, Exercise, Outcome, Progress, State, Told, attempt, counted, say, screen, wrapped};
use console::{Key, Term, style};

use crate::STOP;
use crate::reader::{next_hint, not_started};

const PAUSE: Duration = Duration::from_millis(100);

enum Event {
    Key(Key),
    /// The result of the attempt with this number.
    Done(usize, Told<Attempt>),
}

/// An attempt that is running. It has its own thread, so that keys work while it hangs.
struct UnderWay {
    stop: Arc<AtomicBool>,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// Watches until the reader quits.
pub(crate) fn watch(course: &Course, exercise: &Exercise) -> Told<ExitCode> {
    let term = Term::stdout();
    if !term.features().is_attended() {
        return Err(format!("watch needs a terminal. Without one:\n    cargo workbook try {}", exercise.id()));
    }
    let all: Vec<_> = course.exercises().collect();
    let mut at = all.iter().position(|other| other.id() == exercise.id()).unwrap_or(0);
    let (send, events) = mpsc::channel();
    let more_keys = keys(send.clone());
    thread::scope(|scope| {
        let mut attempts = 0;
        let mut seen = None;
        let mut under_way: Option<UnderWay> = None;
        let mut shown = Shown::default();
        // Only a key ends this loop, because only then has the thread that reads keys finished with the terminal.
        while !STOP.load(Ordering::Relaxed) {
            let exercise = all[at];
            let answer = exercise.text("answer.rs").ok();
            if seen.as_ref() != Some(&answer) {
                // `f` and `r` forget what was seen. If the answer was saved, its verdict is short again.
                shown.full &= seen.is_none();
                seen = Some(answer);
                // Stops the attempt on the older text.
                under_way = None;
                attempts += 1;
                if exercise.state(&Progress::load(&course.root)) == State::NotStarted {
                    shown.above.clear();
                    shown.text = not_started(course, exercise).unwrap_or_else(|error| error);
                    shown.solved = false;
                    shown.show(&term, exercise);
                } else {
                    shown.above.clear();
                    shown.text = style("checking …").dim().to_string();
                    shown.solved = false;
                    shown.show(&term, exercise);
                    let full = shown.full;
                    let (stop, send, number) = (Arc::new(AtomicBool::new(false)), send.clone(), attempts);
                    under_way = Some(UnderWay { stop: Arc::clone(&stop) });
                    scope.spawn(move || {
                        // The watch may be over. Then nothing receives the result.
                        let _ = send.send(Event::Done(number, attempt(course, exercise, full, &stop)));
                    });
                }
            }
            match next(&events) {
                Some(Event::Key(key)) => {
                    match key {
                        Key::Char('q') | Key::CtrlC | Key::Escape => break,
                        Key::Char('n') => {
                            at = (at + 1) % all.len();
                            shown = Shown::default();
                            seen = None;
                        }
                        Key::Char('h') => {
                            shown.hint = next_hint(course, exercise).unwrap_or_else(|error| error);
                            shown.hint_is_for = shown.failed.clone();
                            shown.show(&term, exercise);
                        }
                        Key::Char('f') => {
                            shown.full = !shown.full;
                            seen = None;
                        }
                        Key::Enter | Key::Char('r') => seen = None,
                        _ => {}
                    }
                    // This fails only if the thread that reads keys has ended, and then there are no more keys.
                    let _ = more_keys.send(());
                }
                Some(Event::Done(number, attempt)) if number == attempts => {
                    under_way = None;
                    (shown.above, shown.text, shown.solved) = match attempt {
                        Ok(Attempt { outcome, above, text }) => (above, text, outcome == Outcome::Passed),
                        Err(error) => (String::new(), wrapped(&error), false),
                    };
                    let failed = failed(&shown.text);
                    if shown.solved || *shown.hint_is_for.get_or_insert_with(|| failed.clone()) != failed {
                        shown.hint.clear();
                    }
                    shown.failed = Some(failed);
                    shown.show(&term, exercise);
                }
                _ => {}
            }
        }
        drop(under_way);
        Ok(ExitCode::SUCCESS)
    })
}

/// The next event, or `None` when it is time to look at the file again.
fn next(events: &Receiver<Event>) -> Option<Event> {
    events.recv_timeout(PAUSE).ok()
}

/// Reads keys on a separate thread. It reads the next one only when asked, so that the terminal is restored when the watch ends.
fn keys(send: Sender<Event>) -> Sender<()> {
    let (more, wanted) = mpsc::channel();
    thread::spawn(move || {
        while let Ok(key) = Term::stdout().read_key_raw() {
            if send.send(Event::Key(key)).is_err() || wanted.recv().is_err() {
                break;
            }
        }
    });
    more
}

/// What is on the screen.
#[derive(Default)]
struct Shown {
    /// What the answer printed. If there is no room for all of it, only its end is shown.
    above: String,
    text: String,
    solved: bool,
    /// Stays below the verdicts while the same check fails.
    hint: String,
    /// What failed in the last verdict, if there was one.
    failed: Option<String>,
    /// What had failed when the reader asked for the hint. A hint from before the first verdict is for that one.
    hint_is_for: Option<String>,
    /// Whether a text longer than the screen is shown completely, until the next save.
    full: bool,
}

impl Shown {
    /// Clears the screen and shows what the answer printed, the text from its first line, the hint and the keys.
    fn show(&self, term: &Term, exercise: &Exercise) {
        const FEWEST_LINES: usize = 6;
        // On a terminal that cannot be cleared, the verdicts stand below each other.
        let _ = term.clear_screen();
        let (lines, columns) = screen();
        let rows = |line: &&str| console::measure_text_width(line).div_ceil(columns).max(1);
        let hint = if self.hint.is_empty() { String::new() } else { format!("\n\n{}", self.hint) };
        // Three lines are taken: an empty one, the keys, and the line of the cursor.
        let room = lines.saturating_sub(3 + hint.lines().map(|line| rows(&line)).sum::<usize>()).max(FEWEST_LINES);
        let text: Vec<_> = self.text.trim_matches('\n').lines().collect();
        let above: Vec<_> = self.above.trim_matches('\n').lines().collect();
        // An empty line follows what the answer printed.
        let more_rows = if above.is_empty() { 0 } else { above.iter().map(rows).sum::<usize>() + 1 };
        let text_rows: usize = text.iter().map(rows).sum();
        if self.full || text_rows + more_rows <= room {
            let printed = if above.is_empty() { String::new() } else { above.join("\n") + "\n\n" };
            say(format!("{printed}{}{hint}", text.join("\n")));
        } else {
            let above = end_of(&above, room.saturating_sub(text_rows), rows);
            let room = room.saturating_sub(above.iter().map(|line| rows(&line.as_str())).sum());
            if !above.is_empty() {
                say(above.join("\n"));
            }
            let fits = |count: &usize| text[..*count].iter().map(rows).sum::<usize>() < room;
            let count = if text_rows <= room { text.len() } else { (0..text.len()).rev().find(fits).unwrap_or(0) };
            let left = text.len() - count;
            let more =
                if left == 0 { String::new() } else { format!("\n… {}: f shows all", counted(left, "more line")) };
            say(format!("{}{more}{hint}", text[..count].join("\n")));
        }
        let next = if self.solved { style("n next").green().bold() } else { style("n next") };
        let id = style(exercise.id()).dim();
        say(format!("\n{id}   h hint   f full   {next}   r again   q quit"));
    }
}

/// The line of a verdict that names the check that failed. It is empty if the answer does not compile.
fn failed(verdict: &str) -> String {
    verdict.lines().find(|line| line.contains('✗')).unwrap_or_default().to_owned()
}

/// The end of what was printed, with its heading, if some of it fits into `room`; otherwise only a line with the count.
fn end_of(above: &[&str], room: usize, rows: impl Fn(&&str) -> usize) -> Vec<String> {
    let [heading, lines @ ..] = above else { return Vec::new() };
    // Leaves room for the heading, the line that counts what is left out, and an empty line.
    let mut room = room.saturating_sub(rows(heading) + 2);
    let fits = lines.iter().rev().take_while(|line| {
        let fits = rows(line) <= room;
        room = room.saturating_sub(rows(line));
        fits
    });
    let (left_out, shown) = lines.split_at(lines.len() - fits.count());
    let more = |what| format!("… {} above: f shows all", counted(left_out.len(), what));
    if shown.is_empty() {
        return vec![more("line")];
    }
    let shown = shown.iter().map(|line| String::from(*line));
    [String::from(*heading), more("more line")].into_iter().chain(shown).chain([String::new()]).collect()
}
