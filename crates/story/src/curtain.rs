//! The end of a story. The timeline is drawn exactly once, also after Ctrl-C in the middle.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use timeline::{Recorder, Recording};

use crate::flags::Flags;
use crate::lines::{self, complain, print};
use crate::script::Look;

/// How a story ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Well,
    /// With an error: a sentence.
    Badly(String),
    Panic,
    Interrupted,
}

/// What the handler of Ctrl-C finds.
enum Phase {
    /// Nothing to draw yet.
    Before,
    /// The story runs: Ctrl-C draws what was recorded so far.
    Playing(Recorder),
    /// The timeline is being drawn, or the twin runs and handles Ctrl-C itself.
    Elsewhere,
}

pub(crate) struct Curtain {
    phase: Arc<Mutex<Phase>>,
    files: Files,
}

/// The files that were asked for.
type Files = Arc<[(PathBuf, Form)]>;

#[derive(Clone, Copy)]
enum Form {
    Svg,
    Json,
    Chrome,
}

impl Curtain {
    /// Checks that the files can be written, and listens for Ctrl-C on a separate thread, because the runtime may be blocked.
    pub(crate) fn hang(flags: &Flags) -> Result<Self, String> {
        let asked = [(&flags.svg, Form::Svg), (&flags.json, Form::Json), (&flags.chrome, Form::Chrome)];
        let asked = asked.into_iter().filter_map(|(path, form)| Some((path.as_deref()?, form)));
        let files: Files =
            asked.map(|(path, form)| Ok((can_be_written(path)?, form))).collect::<Result<_, String>>()?;
        if !files.is_empty() {
            lines::outlive_the_pipe();
        }
        let curtain = Self { phase: Arc::new(Mutex::new(Phase::Before)), files: Arc::clone(&files) };
        let phase = Arc::clone(&curtain.phase);
        let look = look();
        ctrlc::set_handler(move || {
            // Held until the process ends, so that nothing else draws the timeline.
            let phase = lock(&phase);
            match &*phase {
                Phase::Before => process::exit(130),
                Phase::Playing(recorder) => {
                    let recording = recorder.recording();
                    print(format_args!("\nstopped by Ctrl-C\n\n{}", drawing::chart(&[&recording], &look)));
                    process::exit(if write(&files, &[&recording]) { 130 } else { 1 });
                }
                Phase::Elsewhere => {}
            }
        })
        .map_err(|error| format!("a handler for Ctrl-C cannot be installed: {error}."))?;
        Ok(curtain)
    }

    /// From here on Ctrl-C draws what this recorder has.
    pub(crate) fn raise(&self, recorder: &Recorder) {
        *lock(&self.phase) = Phase::Playing(recorder.clone());
    }

    /// From here on this process ignores Ctrl-C: the twin handles it, or the timeline is being drawn.
    pub(crate) fn step_aside(&self) {
        *lock(&self.phase) = Phase::Elsewhere;
    }

    /// Draws the timelines, writes the files, and says how the story ended.
    pub(crate) fn fall(&self, recordings: &[Recording], looks: &[Look], ending: Ending) -> ExitCode {
        self.step_aside();
        let all: Vec<&Recording> = recordings.iter().collect();
        if !all.is_empty() {
            print(format_args!("\n{}", drawing::chart(&all, &look())));
        }
        let code = match ending {
            Ending::Well => {
                let mut seen: Vec<_> = looks.iter().zip(recordings).map(|(look, recording)| look(recording)).collect();
                seen.dedup();
                // Below Tokio's sentence, the second one is about asyncio.
                let headings = ["Look", "Look, in asyncio"];
                let mut said: Vec<_> =
                    headings.iter().zip(seen).map(|(heading, seen)| format!("{heading}: {seen}")).collect();
                if let [ours, theirs] = recordings {
                    if is_same_story(ours, theirs) {
                        let same = "asyncio tells the same lines in the same order, and its lanes end alike.";
                        said.push(same.to_owned());
                    }
                    if theirs.levels.is_empty() && !ours.levels.is_empty() {
                        said.push("Only Tokio's story has rows of numbers.".to_owned());
                    }
                }
                for sentence in said {
                    print(lines::wrapped(&sentence, lines::width()));
                }
                ExitCode::SUCCESS
            }
            Ending::Badly(sentence) => {
                complain(sentence);
                ExitCode::FAILURE
            }
            Ending::Panic => ExitCode::from(101),
            Ending::Interrupted => ExitCode::from(130),
        };
        if write(&self.files, &all) { code } else { ExitCode::FAILURE }
    }
}

impl Form {
    /// The recordings in this form; JSON and traces hold only the last one.
    fn write(self, recordings: &[&Recording]) -> Option<String> {
        let last = recordings.last()?;
        Some(match self {
            Self::Svg => drawing::svg(recordings),
            Self::Json => last.to_json(),
            Self::Chrome => last.to_chrome(),
        })
    }
}

impl Ending {
    /// The first ending that is not a good one.
    pub(crate) fn and(self, next: Self) -> Self {
        if self == Self::Well { next } else { self }
    }
}

/// Whether both say the same lines in the same order and lanes, and their lanes end alike.
fn is_same_story(ours: &Recording, theirs: &Recording) -> bool {
    let lines = |recording: &Recording| {
        let of_lanes = recording.lanes.iter().flat_map(|lane| lane.notes.iter().map(|note| (lane.name.clone(), note)));
        let all = of_lanes.chain(recording.notes.iter().map(|note| (String::new(), note)));
        let mut lines: Vec<_> = all.map(|(lane, note)| (note.seq, lane, note.text.clone())).collect();
        lines.sort();
        lines.into_iter().map(|(_, lane, text)| (lane, text)).collect::<Vec<_>>()
    };
    let ends = |recording: &Recording| {
        let mut ends: Vec<_> = recording.lanes.iter().map(|lane| (lane.name.clone(), lane.outcome)).collect();
        ends.sort();
        ends
    };
    lines(ours) == lines(theirs) && ends(ours) == ends(theirs)
}

/// Checks before the story begins that a file can be written. Keeps what the file holds, and leaves no new empty file.
fn can_be_written(path: &Path) -> Result<PathBuf, String> {
    let failed = |error| format!("{} cannot be written: {error}.", path.display());
    if path.exists() {
        // Follows a link now, so that later its target is replaced, and not the link.
        OpenOptions::new().write(true).open(path).and_then(|_| path.canonicalize()).map_err(failed)
    } else {
        File::create_new(path).and_then(|_| fs::remove_file(path)).map_err(failed)?;
        Ok(path.to_owned())
    }
}

/// Writes every file that was asked for, and names each on standard error. Returns whether all were written.
fn write(files: &Files, recordings: &[&Recording]) -> bool {
    let mut well = true;
    for (path, form) in files.iter() {
        let Some(text) = form.write(recordings) else { continue };
        match replace(path, &text) {
            Ok(()) => complain(format_args!("written: {}", path.display())),
            Err(error) => {
                complain(format_args!("{} could not be written: {error}.", path.display()));
                well = false;
            }
        }
    }
    well
}

/// Replaces a file in one step: if the program is stopped in the middle, the old file is still there.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A pipe or a terminal cannot be replaced.
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return fs::write(path, text);
    }
    let mut new = path.as_os_str().to_owned();
    new.push(format!(".{}.new", process::id()));
    let renamed = fs::write(&new, text).and_then(|()| fs::rename(&new, path));
    renamed.or_else(|_| {
        let _ = fs::remove_file(&new);
        // In a folder that takes no new files, the old one can still be written.
        fs::write(path, text)
    })
}

fn look() -> drawing::Look {
    drawing::Look {
        width: lines::width(),
        height: lines::terminal_height(),
        color: lines::color(),
        ..drawing::Look::default()
    }
}

fn lock(phase: &Mutex<Phase>) -> MutexGuard<'_, Phase> {
    phase.lock().unwrap_or_else(PoisonError::into_inner)
}
