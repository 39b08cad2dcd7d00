//! A reader's desk: a separate workspace with one exercise, and the program.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// All tests share one desk and take turns, so that its dependencies are built once. The file lock is for another run of these tests in the same checkout.
static TURN: Mutex<()> = Mutex::new(());

pub(crate) const START: &str = "\
use exam::{Failure, Service};

pub async fn ask_all(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    todo!()
}
";

pub(crate) const SOLUTION: &str = "\
//! One good answer.

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn ask_all(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    join_all(services.iter().map(Service::ask)).await
}
";

const CHECK: &str = r#"//! The checks of `demo/ask_all`.

use std::process::ExitCode;

use exam::{Exam, Reply, Service, fault, ms};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

fn main() -> ExitCode {
    Exam::new("demo/ask_all", solution::ask_all, answer::ask_all)
        .check(
            "asks all at once",
            async |ask_all| ask_all(services()).await,
            |mine, possible| mine.as_quick_as(possible, "Make the futures first."),
        )
        .check(
            "returns all results",
            async |ask_all| ask_all(services()).await,
            |mine, possible| if mine.output == possible.output { Ok(()) } else { fault("Not all are there.", "") },
        )
        .verdict()
}

fn services() -> Vec<Service> {
    vec![Service::new("slow", Reply::ok(ms(300), "a")), Service::new("quick", Reply::ok(ms(200), "b"))]
}
"#;

const README: &str = "\
# ask_all

Level 1 of 3, about 5 minutes.

Ask them all.

<details>
<summary>Hint 1, for \"asks all at once\"</summary>

The first step.

</details>

<details>
<summary>Hint 2, for \"returns all results\"</summary>

The second step.

</details>
";

const MANIFEST: &str = r#"[package]
name = "demo"
edition.workspace = true

[dev-dependencies]
async-channel.workspace = true
exam.workspace = true
futures.workspace = true
rayon.workspace = true
tokio = { workspace = true, features = ["macros", "rt", "sync", "time"] }
tokio-stream.workspace = true
tokio-util = { workspace = true, features = ["codec", "rt"] }

[[test]]
name = "ask_all"
path = "exercises/ask_all/check.rs"
test = false
harness = false

[lints]
workspace = true
"#;

pub(crate) struct Desk {
    pub(crate) root: PathBuf,
    _turn: (MutexGuard<'static, ()>, File),
}

impl Desk {
    /// Clears the desk: no exercise is begun.
    pub(crate) fn new() -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("desk");
        let lock = File::create(root.with_extension("lock")).unwrap();
        lock.lock().unwrap();
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        let real = home.display().to_string().replace('\\', "/");
        let manifest = fs::read_to_string(home.join("Cargo.toml")).unwrap();
        let desk = Self { root, _turn: (turn, lock) };
        let _ = fs::remove_dir_all(desk.root.join(".workbook"));
        let _ = fs::remove_dir_all(desk.root.join("crates/demo/exercises"));
        desk.write("Cargo.toml", &manifest.replace("path = \"crates/", &format!("path = \"{real}/crates/")));
        desk.write("Cargo.lock", &fs::read_to_string(home.join("Cargo.lock")).unwrap());
        desk.write("rustfmt.toml", &fs::read_to_string(home.join("rustfmt.toml")).unwrap());
        desk.write("README.md", "[demo](crates/demo/README.md)\n");
        desk.write("crates/demo/Cargo.toml", MANIFEST);
        desk.write("crates/demo/src/lib.rs", "//! A topic.\n");
        desk.write("crates/demo/README.md", "- [ask_all](exercises/ask_all/README.md)\n");
        for (file, text) in [("README.md", README), ("check.rs", CHECK), ("solution.rs", SOLUTION), ("start.rs", START)]
        {
            desk.write(&format!("crates/demo/exercises/ask_all/{file}"), text);
        }
        desk.answer(START);
        desk.workbook(&["seal"]).succeeds();
        desk
    }

    /// Writes a file, unless it has this text already, because cargo looks at the times of files.
    pub(crate) fn write(&self, file: &str, text: &(impl AsRef<[u8]> + ?Sized)) {
        let path = self.root.join(file);
        if fs::read(&path).is_ok_and(|old| old == text.as_ref()) {
            return;
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root.join(file)).unwrap()
    }

    /// The reader writes this text into answer.rs.
    pub(crate) fn answer(&self, text: &str) {
        self.write("crates/demo/exercises/ask_all/answer.rs", text);
    }

    /// The reader writes this text as the function's body.
    pub(crate) fn body(&self, body: &str) {
        self.answer(&START.replace("todo!()", body));
    }

    /// The program, as a reader calls it.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        // The folder three levels above `debug/workbook` already has the dependencies.
        let target = Path::new(env!("CARGO_BIN_EXE_workbook")).ancestors().nth(2).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_workbook"));
        command.args(words).current_dir(&self.root);
        command.env("CARGO_TARGET_DIR", target).env("COLUMNS", "100").env_remove("CLICOLOR_FORCE");
        command
    }

    pub(crate) fn workbook(&self, words: &[&str]) -> Said {
        let start = Instant::now();
        let output = self.command(words).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        Said { text, code: output.status.code(), took: start.elapsed() }
    }

    /// Tries the answer. It must fail, with a verdict that has these words and is about a screen long at most.
    #[track_caller]
    pub(crate) fn fails(&self, words: &[&str]) -> Said {
        let said = self.workbook(&["try", "demo"]);
        assert_eq!(said.code, Some(1), "{}", said.text);
        said.has(words);
        assert!(said.text.lines().count() < 60, "two screens of noise:\n{}", said.text);
        assert!(!said.text.contains("stack backtrace"), "a backtrace:\n{}", said.text);
        assert!(self.workbook(&[]).text.contains("0 of 1 solved"), "it counts as solved");
        said
    }
}

/// What the program said.
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) code: Option<i32>,
    pub(crate) took: Duration,
}

impl Said {
    #[track_caller]
    pub(crate) fn succeeds(&self) {
        assert_eq!(self.code, Some(0), "{}", self.text);
    }

    #[track_caller]
    pub(crate) fn has(&self, words: &[&str]) {
        for word in words {
            assert!(self.text.contains(word), "it does not say {word:?}:\n{}", self.text);
        }
    }
}
