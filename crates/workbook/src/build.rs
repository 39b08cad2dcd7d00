//! One call of cargo, and what it said.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tinyjson::JsonValue;

use crate::Told;

/// What came out of a build.
#[derive(Debug, Default)]
pub(crate) struct Built {
    /// The executables, by the name of their test target.
    pub(crate) programs: HashMap<String, PathBuf>,
    /// What rustc said, in its order.
    pub(crate) messages: Vec<Message>,
    /// What cargo itself said, when it failed.
    pub(crate) complaint: String,
    pub(crate) succeeded: bool,
}

/// One error or warning of rustc.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) target: String,
    pub(crate) is_error: bool,
    /// The files that it points at in the first place.
    pub(crate) files: Vec<String>,
    /// In rustc's own words, with its drawing.
    pub(crate) rendered: String,
}

/// A quiet build is one that is as quick as expected; after this time, the reader sees what cargo compiles.
const QUIET: Duration = Duration::from_secs(1);

/// Runs `cargo` with these words in this folder, and stops it when somebody sets `stop`.
pub(crate) fn cargo(folder: &Path, words: &[&str], color: bool, stop: &AtomicBool) -> Told<Built> {
    let format = if color { "--message-format=json-diagnostic-rendered-ansi" } else { "--message-format=json" };
    let mut child = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(words)
        .arg(format)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cargo cannot be run: {error}."))?;
    let messages = child.stdout.take().map(|output| thread::spawn(move || understood(output)));
    let progress = child.stderr.take().map(|errors| thread::spawn(move || relayed(errors)));
    let status =
        wait(&mut child, stop, Duration::MAX).map_err(|error| format!("cargo cannot be waited for: {error}."))?;
    let mut built = messages.and_then(|reader| reader.join().ok()).unwrap_or_default();
    built.complaint = progress.and_then(|reader| reader.join().ok()).unwrap_or_default();
    built.succeeded = status.is_some_and(|status| status.success());
    Ok(built)
}

/// Waits for a child, and kills it when somebody sets `stop` or the time is over; `None` if it was killed.
pub(crate) fn wait(
    child: &mut Child,
    stop: &AtomicBool,
    limit: Duration,
) -> io::Result<Option<std::process::ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if stop.load(Ordering::Relaxed) || start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(3));
    }
}

/// Reads cargo's messages, one JSON object a line.
fn understood(output: impl Read) -> Built {
    let mut built = Built::default();
    for line in BufReader::new(output).lines().map_while(Result::ok) {
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

/// What stands below these keys, if it is there.
fn inner<'a>(json: &'a JsonValue, keys: &[&str]) -> Option<&'a JsonValue> {
    keys.iter().try_fold(json, |json, key| json.get::<HashMap<String, JsonValue>>()?.get(*key))
}

fn text(json: &JsonValue, keys: &[&str]) -> Option<String> {
    inner(json, keys)?.get::<String>().cloned()
}

/// Collects what cargo says on standard error, and shows what it compiles when that takes long.
fn relayed(errors: impl Read) -> String {
    let (start, mut all) = (Instant::now(), String::new());
    for line in BufReader::new(errors).lines().map_while(Result::ok) {
        let news = ["Compiling", "Checking", "Downloading", "Downloaded", "Blocking", "Updating"];
        if start.elapsed() > QUIET && news.iter().any(|word| line.trim_start().starts_with(word)) {
            let _ = writeln!(io::stderr(), "{line}");
        }
        all.push_str(&line);
        all.push('\n');
    }
    all
}
