//! The same story in Python's asyncio.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{self, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use timeline::Recording;

use crate::curtain::Ending;
use crate::flags::Flags;
use crate::scene::Knob;
use crate::script::Story;

/// The oldest Python that has everything the twins use: task groups and `asyncio.timeout`.
const OLDEST: (u32, u32) = (3, 11);

/// A twin and the Python that can run it.
pub(crate) struct Twin {
    python: &'static str,
    script: PathBuf,
}

impl Twin {
    /// Looks for a Python that is new enough.
    pub(crate) fn find(story: &Story) -> Result<Self, String> {
        let python = find_python()?;
        Ok(Self { python, script: story.twin() })
    }

    /// Runs the twin, prints its lines as they happen, and reads its recording.
    pub(crate) fn play(&self, knobs: &[Knob], flags: &Flags, seed: u64) -> Result<(Option<Recording>, Ending), String> {
        let file = temporary_file();
        // Checked here, because Python would complain about a flag that the reader did not type.
        fs::write(&file, "").map_err(|error| {
            format!("the folder for temporary files cannot be written: {}: {error}; set TMPDIR.", file.display())
        })?;
        let mut command = Command::new(self.python);
        command
            .arg(&self.script)
            .env("PYTHONPATH", library())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONUTF8", "1")
            // The twin's standard input closes when this process ends, however it ends. Then the twin also ends.
            .env("ENDS_WITH_STDIN", "1")
            .stdin(Stdio::piped());
        for (knob, value) in knobs.iter().zip(&flags.knobs) {
            if !knob.is_switch {
                command.arg(format!("--{}", knob.name)).arg(value.to_string());
            } else if *value == 1 {
                command.arg(format!("--{}", knob.name));
            }
        }
        command.arg("--seed").arg(seed.to_string()).arg("--json").arg(&file);
        command.args(flags.fast.then_some("--fast")).args(flags.naive.then_some("--naive"));
        let failed = |error| format!("{} cannot be run: {error}.", self.python);
        let mut twin = command.spawn().map_err(failed)?;
        // Taken out, because `wait` would close it.
        let _open = twin.stdin.take();
        let status = twin.wait().map_err(failed)?;
        let text = fs::read_to_string(&file);
        // An error is ignored: the file may not exist.
        let _ = fs::remove_file(&file);
        let ending = ending(status);
        match text {
            Ok(text) if !text.is_empty() => {
                let recording = Recording::from_json(&text);
                let recording = recording.map_err(|error| format!("the twin's recording cannot be read: {error}"))?;
                Ok((Some(recording), ending))
            }
            _ if ending != Ending::Well => Ok((None, ending)),
            Ok(_) => Err("the twin wrote no recording.".to_owned()),
            Err(error) => Err(format!("the twin wrote no recording: {error}.")),
        }
    }
}

fn ending(status: ExitStatus) -> Ending {
    match status.code() {
        Some(0) => Ending::Well,
        Some(130) => Ending::Interrupted,
        // Ctrl-C came before the twin could begin.
        None if died_of_ctrl_c(status) => Ending::Interrupted,
        _ => Ending::Badly(format!("the asyncio twin ended with {status}.")),
    }
}

#[cfg(unix)]
fn died_of_ctrl_c(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;

    const SIGINT: i32 = 2;
    status.signal() == Some(SIGINT)
}

#[cfg(not(unix))]
fn died_of_ctrl_c(_: ExitStatus) -> bool {
    false
}

/// A file name that nothing else uses.
pub(crate) fn temporary_file() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("story-{}-{number}.json", process::id()))
}

/// The folder of `story.py`.
fn library() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/python"))
}

/// The name of a Python on the path that can run the twins.
///
/// # Errors
///
/// A sentence that says what to do.
pub fn find_python() -> Result<&'static str, String> {
    let (major, minor) = OLDEST;
    let cure = format!(
        "The asyncio twin needs python3 {major}.{minor} or newer: install it (https://python.org), or leave the flag out."
    );
    let mut found = Vec::new();
    for name in ["python3", "python"] {
        match Command::new(name).arg("--version").output() {
            Ok(output) => match version(&output.stdout) {
                Some(version) if version >= OLDEST => return Ok(name),
                Some((major, minor)) => found.push(format!("{name} is Python {major}.{minor}. ")),
                None => found.push(format!("{name} --version ended with {} and named no version. ", output.status)),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => found.push(format!("{name} cannot be run: {error}. ")),
        }
    }
    if found.is_empty() {
        found.push("There is no python3 on the path. ".to_owned());
    }
    Err(found.concat() + &cure)
}

/// Reads `Python 3.11.7`.
fn version(text: &[u8]) -> Option<(u32, u32)> {
    let text = std::str::from_utf8(text).ok()?;
    let mut numbers = text.trim().strip_prefix("Python ")?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_python_that_ctrl_c_ends_before_it_begins_is_interrupted() {
        use std::os::unix::process::ExitStatusExt;

        // As `wait` reports a process that a signal has ended.
        assert_eq!(ending(ExitStatus::from_raw(2)), Ending::Interrupted);
        assert!(matches!(ending(ExitStatus::from_raw(15)), Ending::Badly(_)));
    }

    #[test]
    fn a_version_is_read() {
        assert_eq!(version(b"Python 3.11.7\n"), Some((3, 11)));
        assert_eq!(version(b"Python was not found"), None);
    }
}
