//! The end of a story: the timeline is drawn once, also when Ctrl-C comes in the middle.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::process::{self, ExitCode};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use drawing::Look;
use timeline::{Recorder, Recording};

use crate::flags::Flags;
use crate::lines::{self, complain, print};

/// How a story ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Well,
    /// With an error: a sentence.
    Badly(String),
    Panic,
    Interrupted,
}

/// What Ctrl-C finds.
enum Phase {
    /// Nothing to draw yet.
    Before,
    /// The story runs: Ctrl-C draws what was recorded so far.
    Playing(Recorder),
    /// The timeline is being drawn, or the twin runs, which hears Ctrl-C itself.
    Elsewhere,
}

pub(crate) struct Curtain {
    phase: Arc<Mutex<Phase>>,
    files: Vec<(File, Form)>,
}

#[derive(Clone, Copy)]
enum Form {
    Svg,
    Json,
    Chrome,
}

impl Curtain {
    /// Opens the files to be written, and starts to listen for Ctrl-C on a thread of its own, which a blocked runtime does not block.
    pub(crate) fn hang(flags: &Flags) -> Result<Self, String> {
        let asked = [(&flags.svg, Form::Svg), (&flags.json, Form::Json), (&flags.chrome, Form::Chrome)];
        let asked = asked.into_iter().filter_map(|(path, form)| Some((path.as_deref()?, form)));
        let files = asked.map(|(path, form)| Ok((open(path)?, form))).collect::<Result<_, String>>()?;
        let curtain = Self { phase: Arc::new(Mutex::new(Phase::Before)), files };
        let phase = Arc::clone(&curtain.phase);
        let look = look();
        ctrlc::set_handler(move || {
            // Held until the process ends, so that the timeline is drawn once.
            let phase = lock(&phase);
            match &*phase {
                Phase::Before => process::exit(130),
                Phase::Playing(recorder) => {
                    print(format_args!("\nstopped by Ctrl-C\n\n{}", drawing::chart(&[&recorder.recording()], &look)));
                    process::exit(130);
                }
                Phase::Elsewhere => {}
            }
        })
        .map_err(|error| format!("Ctrl-C cannot be listened for: {error}."))?;
        Ok(curtain)
    }

    /// From here on Ctrl-C draws what this recorder has.
    pub(crate) fn raise(&self, recorder: &Recorder) {
        *lock(&self.phase) = Phase::Playing(recorder.clone());
    }

    /// From here on Ctrl-C is somebody else's.
    pub(crate) fn step_aside(&self) {
        *lock(&self.phase) = Phase::Elsewhere;
    }

    /// Draws the timelines, writes the files, and says how the story ended.
    pub(crate) fn fall(mut self, recordings: &[Recording], looks: &[&str], ending: Ending) -> ExitCode {
        self.step_aside();
        let all: Vec<&Recording> = recordings.iter().collect();
        if !all.is_empty() {
            print(format_args!("\n{}", drawing::chart(&all, &look())));
        }
        let code = match ending {
            Ending::Well => {
                for look in looks {
                    print(lines::wrapped(&format!("Look: {look}"), lines::width()));
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
        for (file, form) in &mut self.files {
            let Some(text) = form.write(&all) else { continue };
            if let Err(error) = replace(file, &text) {
                complain(format_args!("the recording could not be written: {error}."));
                return ExitCode::FAILURE;
            }
        }
        code
    }
}

impl Form {
    /// The recordings in this form; JSON and traces hold one recording, the last.
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

/// Opens a file to be written; what it holds stays, until there is something to [`replace`] it.
fn open(path: &Path) -> Result<File, String> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(path);
    file.map_err(|error| format!("{} cannot be written: {error}.", path.display()))
}

fn replace(file: &mut File, text: &str) -> io::Result<()> {
    // A pipe or a terminal has no length.
    if file.metadata()?.is_file() {
        file.set_len(0)?;
    }
    file.write_all(text.as_bytes())
}

fn look() -> Look {
    Look { width: lines::width(), color: lines::color(), ..Look::default() }
}

fn lock(phase: &Mutex<Phase>) -> MutexGuard<'_, Phase> {
    phase.lock().unwrap_or_else(PoisonError::into_inner)
}
