//! One call of cargo, and what it printed.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tinyjson::JsonValue;

use crate::Told;

/// What came out of a build.
#[derive(Debug, Default)]
pub struct Built {
    /// The executables, by the name of their test target.
    pub programs: HashMap<String, PathBuf>,
    /// What rustc said, in its own order.
    pub messages: Vec<Message>,
    /// What cargo itself said, if it failed.
    pub complaint: String,
    /// Whether cargo succeeded.
    pub succeeded: bool,
    /// Whether the build was stopped, because cargo printed nothing for too long.
    pub endless: bool,
}

/// One error or warning of rustc.
#[derive(Clone, Debug)]
pub struct Message {
    /// The target that was compiled.
    pub target: String,
    /// Whether it is an error, not a warning.
    pub is_error: bool,
    /// The files that it mainly points at.
    pub files: Vec<String>,
    /// rustc's own text, with its drawing.
    pub rendered: String,
}

/// A quick build is quiet. After this time, the reader sees what cargo compiles.
const QUIET: Duration = Duration::from_secs(1);

/// Runs `cargo` with these words in this folder. Stops it when `stop` is set, or when cargo has printed nothing for the time `silence`.
pub fn cargo(folder: &Path, words: &[&str], color: bool, silence: Duration, stop: &AtomicBool) -> Told<Built> {
    let format = if color { "--message-format=json-diagnostic-rendered-ansi" } else { "--message-format=json" };
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(words).arg(format).current_dir(folder);
    let mut child = start(command.stdin(Stdio::null())).map_err(|error| format!("cargo cannot be run: {error}."))?;
    let heard = Heard::default();
    let messages = child.stdout.take().map(|output| heard.clone().on_a_thread(move |heard| understood(output, heard)));
    let progress = child.stderr.take().map(|errors| heard.clone().on_a_thread(move |heard| relayed(errors, heard)));
    let over = || stop.load(Ordering::Relaxed) || heard.silent_for(silence);
    let status = wait(&mut child, over).map_err(|error| format!("cargo cannot be waited for: {error}."))?;
    let mut built = messages.and_then(|reader| reader.join().ok()).unwrap_or_default();
    built.complaint = progress.and_then(|reader| reader.join().ok()).unwrap_or_default();
    built.succeeded = status.is_some_and(|status| status.success());
    built.endless = status.is_none() && !stop.load(Ordering::Relaxed);
    Ok(built)
}

/// Starts a program in its own process group, with its output in pipes.
pub(crate) fn start(command: &mut Command) -> io::Result<Child> {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
}

/// Waits for a child. When `over` returns true, kills it and everything that it started, and returns `None`.
pub(crate) fn wait(child: &mut Child, mut over: impl FnMut() -> bool) -> io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if over() {
            end_what_it_started(child);
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(3));
    }
}

/// Kills the processes that a child has started, on systems with process groups.
pub(crate) fn end_what_it_started(child: &Child) {
    #[cfg(unix)]
    if let Ok(group) = i32::try_from(child.id()) {
        // An error means that none is left.
        let _ = nix::sys::signal::killpg(nix::unistd::Pid::from_raw(group), nix::sys::signal::Signal::SIGKILL);
    }
    #[cfg(not(unix))]
    let _ = child;
}

/// When cargo last printed something, in milliseconds since its start.
#[derive(Clone)]
struct Heard {
    start: Instant,
    last: Arc<AtomicU64>,
}

impl Default for Heard {
    fn default() -> Self {
        Self { start: Instant::now(), last: Arc::default() }
    }
}

impl Heard {
    fn on_a_thread<T: Send + 'static>(self, read: impl FnOnce(&Self) -> T + Send + 'static) -> thread::JoinHandle<T> {
        thread::spawn(move || read(&self))
    }

    /// Notes that cargo printed this line. While cargo waits for another cargo, it may be silent.
    fn note(&self, line: &str) {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(if line.trim_start().starts_with("Blocking") { u64::MAX } else { now }, Ordering::Relaxed);
    }

    fn silent_for(&self, limit: Duration) -> bool {
        let last = Duration::from_millis(self.last.load(Ordering::Relaxed));
        self.start.elapsed().saturating_sub(last) > limit
    }
}

/// Reads cargo's messages, one JSON object per line.
fn understood(output: impl Read, heard: &Heard) -> Built {
    let mut built = Built::default();
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        heard.note(&line);
        let Ok(json) = line.parse::<JsonValue>() else { continue };
        let word = |keys: &[&str]| text(&json, keys);
        let target = word(&["target", "name"]).unwrap_or_default();
        if let Some(program) = word(&["executable"]) {
            built.programs.insert(target, program.into());
        } else if let (Some(level), Some(rendered)) = (word(&["message", "level"]), word(&["message", "rendered"])) {
            let spans = inner(&json, &["message", "spans"]).and_then(|spans| spans.get::<Vec<JsonValue>>());
            let first = |span: &&JsonValue| inner(span, &["is_primary"]).and_then(JsonValue::get) == Some(&true);
            let files = spans.into_iter().flatten().filter(first).filter_map(|span| text(span, &["file_name"]));
            let files = files.map(|file| file.replace('\\', "/")).collect();
            built.messages.push(Message { target, is_error: level.starts_with("error"), files, rendered });
        }
    }
    built
}

/// The value below these keys, if it exists.
fn inner<'a>(json: &'a JsonValue, keys: &[&str]) -> Option<&'a JsonValue> {
    keys.iter().try_fold(json, |json, key| json.get::<HashMap<String, JsonValue>>()?.get(*key))
}

fn text(json: &JsonValue, keys: &[&str]) -> Option<String> {
    inner(json, keys)?.get::<String>().cloned()
}

/// Collects what cargo prints on standard error. If the build takes long, shows what cargo compiles.
fn relayed(errors: impl Read, heard: &Heard) -> String {
    let (start, mut all) = (Instant::now(), String::new());
    for line in BufReader::new(errors).lines().map_while(Result::ok) {
        heard.note(&line);
        let news = ["Compiling", "Checking", "Downloading", "Downloaded", "Blocking", "Updating"];
        if start.elapsed() > QUIET && news.iter().any(|word| line.trim_start().starts_with(word)) {
            let _ = writeln!(io::stderr(), "{line}");
        }
        all.push_str(&line);
        all.push('\n');
    }
    all
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;
    use std::{env, fs, process};

    use super::cargo;

    #[test]
    fn a_build_that_never_ends_is_stopped() {
        let folder = env::temp_dir().join(format!("workbook-endless-{}", process::id()));
        fs::create_dir_all(folder.join("src")).unwrap();
        fs::write(folder.join("Cargo.toml"), "[package]\nname = \"endless\"\nedition = \"2024\"\n[workspace]\n")
            .unwrap();
        let text = "#![allow(long_running_const_eval)]\nconst FOREVER: () = loop {};\nfn main() { FOREVER }\n";
        fs::write(folder.join("src").join("main.rs"), text).unwrap();
        let target = folder.join("target").display().to_string();
        let words = ["build", "--target-dir", &target];
        let built = cargo(&folder, &words, false, Duration::from_secs(5), &AtomicBool::new(false)).unwrap();
        assert!(built.endless && !built.succeeded, "{built:?}");
        fs::remove_dir_all(folder).unwrap();
    }
}
