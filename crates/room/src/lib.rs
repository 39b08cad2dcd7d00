//! Checks for the tests of every topic: its story, its recorded files, its twin, its chapter.
//!
//! Every check panics with a sentence that says what to do.
//!
//! ```no_run
//! use room::{Difference, Room};
//!
//! let room = Room::new("gather", "crates/gather", "target/debug/gather");
//! room.story_is_stable();
//! room.recorded_files_are_up_to_date();
//! room.twin_agrees(&[Difference { what: "orders answered", claim: "gather_leaves_the_others_running" }]);
//! room.chapter_holds();
//! ```

mod everywhere;

pub use everywhere::{World, everywhere, on_one_thread, on_the_paused_clock, on_the_real_clock, with_several_workers};

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;

use timeline::{Outcome, Recording};

use tempfile::NamedTempFile;

/// The environment variable that makes [`Room::recorded_files_are_up_to_date`] write the files instead of comparing them.
pub const RECORD: &str = "RECORD";

/// The seed of the recorded stories.
const SEED: [&str; 2] = ["--seed", "1"];

/// The link before the names of the tests that prove a claim. On GitHub it leads to them. In the book each name is a link.
const PROOF: &str = "[Proof](tests/it/claims)";

/// How often a story on the virtual clock is run to see that it is always the same.
const RUNS: usize = 20;

/// The fewest lines that a story and its twin must share.
const SHARED_LINES: usize = 8;

/// A topic's folder, and the program that tells its story.
#[derive(Clone, Debug)]
pub struct Room {
    name: &'static str,
    folder: PathBuf,
    program: PathBuf,
    fast: bool,
    naive: bool,
    twin_naive: bool,
    knobs: Vec<(&'static str, Vec<u64>)>,
}

/// Something that Tokio and asyncio do differently in the same story.
#[derive(Clone, Copy, Debug)]
pub struct Difference {
    /// A line without its time (`orders answered`) that only one of them prints, or the name of a lane that ends differently.
    pub what: &'static str,
    /// The test that proves why.
    pub claim: &'static str,
}

/// What one run printed and recorded.
struct Run {
    output: String,
    recording: Recording,
}

impl Room {
    /// The room of this topic: `Room::new("gather", env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_gather"))`.
    #[must_use]
    pub fn new(name: &'static str, folder: &str, program: &str) -> Self {
        let (folder, program) = (folder.into(), program.into());
        Self { name, folder, program, fast: true, naive: true, twin_naive: false, knobs: Vec::new() }
    }

    /// This topic's story needs the real clock: its runs are compared by lines, order, outcomes and counts, not by times.
    #[must_use]
    pub fn on_the_real_clock(self) -> Self {
        Self { fast: false, ..self }
    }

    /// This topic has no version that goes wrong.
    #[must_use]
    pub fn without_naive(self) -> Self {
        Self { naive: false, ..self }
    }

    /// This topic's twin also has a version that goes wrong.
    #[must_use]
    pub fn with_naive_twin(self) -> Self {
        Self { twin_naive: true, ..self }
    }

    /// The book has a slider for this knob: the story is also recorded for these values, besides the knob's default.
    #[must_use]
    pub fn with_knob(mut self, name: &'static str, values: &[u64]) -> Self {
        self.knobs.push((name, values.to_vec()));
        self
    }

    /// The recordings of a topic: the name of its files, and the flags.
    fn versions(&self) -> Vec<(&'static str, Vec<&'static str>)> {
        let mut versions = vec![("story", vec![])];
        if self.naive {
            versions.push(("naive", vec!["--naive"]));
        }
        if python().is_some() {
            versions.push(("twin", vec!["--asyncio"]));
            if self.twin_naive {
                versions.push(("twin-naive", vec!["--asyncio", "--naive"]));
            }
        }
        versions
    }

    /// Runs every version of the story in many fresh processes; on the virtual clock each prints the same bytes.
    ///
    /// # Panics
    ///
    /// If one run differs from the first.
    pub fn story_is_stable(&self) {
        for (name, flags) in self.versions() {
            let runs = if self.fast && !name.starts_with("twin") { RUNS } else { 2 };
            self.holds(|| {
                let first = self.essence(&self.run(&flags, "1"));
                for _ in 1..runs {
                    let next = self.essence(&self.run(&flags, "1"));
                    assert_same(&first, &next, &format!("{} {name} was different this time", self.name));
                }
            });
        }
    }

    /// Compares the files under `recorded/` with what the versions of the story do now; with [`RECORD`] set, writes them.
    ///
    /// # Panics
    ///
    /// If one is not up to date.
    pub fn recorded_files_are_up_to_date(&self) {
        for (name, flags) in self.versions() {
            let file = |ending| self.folder.join("recorded").join(format!("{name}.{ending}"));
            if std::env::var_os(RECORD).is_some() {
                let run = self.run(&flags, "1");
                write(&file("txt"), &run.output);
                write(&file("json"), &run.recording.to_json());
                write(&file("svg"), &drawing::svg(&[&run.recording]));
                continue;
            }
            let cure = format!("crates/{}/recorded/{name}.* is out of date. Run: just record", self.name);
            let recording = self.recorded(name);
            assert_same(&read(&file("svg")), &drawing::svg(&[&recording]), &cure);
            let recorded = Run { output: read(&file("txt")), recording };
            self.holds(|| assert_same(&self.essence(&recorded), &self.essence(&self.run(&flags, "1")), &cure));
        }
        for (knob, values) in &self.knobs {
            self.recorded_knob_is_up_to_date(knob, values);
        }
    }

    /// The recordings of a knob: `recorded/knobs/limit/3/story.json`, and its `--help` text in `recorded/knobs/limit/help.txt`.
    fn recorded_knob_is_up_to_date(&self, knob: &str, values: &[u64]) {
        let (flag, folder) = (format!("--{knob}"), self.folder.join("recorded/knobs").join(knob));
        let record = std::env::var_os(RECORD).is_some();
        let cure = format!("crates/{}/recorded/knobs/{knob} is out of date. Run: just record", self.name);
        let help = self.help(&flag);
        if record {
            write(&folder.join("help.txt"), &help);
        }
        assert_same(&read(&folder.join("help.txt")), &help, &cure);
        for (value, (name, flags)) in
            values.iter().flat_map(|value| self.versions().into_iter().map(move |of| (value, of)))
        {
            let (file, value) = (folder.join(value.to_string()).join(format!("{name}.json")), value.to_string());
            self.holds(|| {
                let run = self.run(&[&flags[..], &[&flag, &value]].concat(), "1");
                if record {
                    write(&file, &run.recording.to_json());
                }
                let recording =
                    Recording::from_json(&read(&file)).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
                // The printed lines are not kept, because the lanes have them as notes.
                let recorded = Run { output: run.output.clone(), recording };
                assert_same(&self.essence(&recorded), &self.essence(&run), &cure);
            });
        }
    }

    /// The `--help` text of a flag: `how many may run at once (1 to 100; default 4)`, ending in a line break.
    fn help(&self, flag: &str) -> String {
        // Wide enough for every help text to fit on one line.
        let output = Command::new(&self.program).arg("--help").env("COLUMNS", "1000").output();
        let output = output.unwrap_or_else(|error| panic!("{} cannot be run: {error}", self.program.display()));
        let text = String::from_utf8_lossy(&output.stdout);
        let help = text.lines().find_map(|line| line.trim_start().strip_prefix(flag)?.trim_start().strip_prefix("N "));
        help.unwrap_or_else(|| panic!("--help lists no {flag} N")).trim().to_owned() + "\n"
    }

    /// Runs a check. On the real clock, where a stalled machine may swap two lines, runs it up to five times until it holds once.
    fn holds(&self, check: impl Fn()) {
        let attempts = if self.fast { 1 } else { 5 };
        for _ in 1..attempts {
            if catch_unwind(AssertUnwindSafe(&check)).is_ok() {
                return;
            }
        }
        check();
    }

    /// All that the story prints with these flags, on one line.
    ///
    /// # Panics
    ///
    /// If the story does not end with success.
    #[must_use]
    pub fn told(&self, flags: &[&str]) -> String {
        self.run(flags, "1").output.replace('\n', " ").trim().to_owned()
    }

    /// What the story says at its end, after `Look:`, with these flags.
    ///
    /// # Panics
    ///
    /// If the story does not end with success, or says nothing there.
    #[must_use]
    pub fn look(&self, flags: &[&str]) -> String {
        let told = self.told(flags);
        let look = told.rsplit_once("Look: ").map(|(_, look)| look.to_owned());
        look.unwrap_or_else(|| panic!("{} {flags:?} has no line that begins with Look:", self.name))
    }

    /// A committed recording, for claims about what the chapter shows: `story`, `naive` or `twin`.
    ///
    /// # Panics
    ///
    /// If there is no such file, or it cannot be read.
    #[must_use]
    pub fn recorded(&self, name: &str) -> Recording {
        let path = self.folder.join("recorded").join(format!("{name}.json"));
        Recording::from_json(&read(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Compares the story with its asyncio twin: the same lines in the same order, and lanes that end alike, except for these differences.
    ///
    /// # Panics
    ///
    /// If there is another difference, a difference that does not occur, or one whose claim is not a test.
    pub fn twin_agrees(&self, differences: &[Difference]) {
        if python().is_none() {
            return;
        }
        let tests = self.files_of("tests");
        for Difference { what, claim } in differences {
            assert!(is_test(&tests, claim), "no test is called {claim}, which should explain: {what}");
        }
        for seed in ["1", "2", "3"] {
            self.holds(|| self.twin_agrees_with_seed(seed, differences));
        }
    }

    fn twin_agrees_with_seed(&self, seed: &str, differences: &[Difference]) {
        let (story, twin) = (self.run(&[], seed), self.run(&["--asyncio"], seed));
        let (ours, theirs) = (story.lines(self.fast), twin.lines(self.fast));
        let (shared, mut different) = compare(&ours, &theirs);
        assert!(shared >= SHARED_LINES, "story and twin share {shared} lines, but must share at least {SHARED_LINES}");
        let rows = |one: &Run, other: &Run| -> Vec<_> {
            let known = |name: &String| other.recording.levels.iter().any(|level| level.name == *name);
            one.recording.levels.iter().map(|level| level.name.clone()).filter(known).collect()
        };
        assert_eq!(
            rows(&story, &twin),
            rows(&twin, &story),
            "the rows at the bottom of story and twin must be in the same order"
        );
        let (ours, theirs) = (ends(&story.recording), ends(&twin.recording));
        let lanes = ours.keys().chain(theirs.keys()).filter(|lane| ours.get(*lane) != theirs.get(*lane));
        different.extend(lanes.map(|(name, _)| name.clone()));
        for what in &different {
            let listed = differences.iter().any(|difference| without_time(what) == difference.what);
            assert!(listed, "with seed {seed}, story and twin differ, and no claim says why: {what}");
        }
        for Difference { what, .. } in differences {
            assert!(different.iter().any(|found| without_time(found) == *what), "no difference any more: {what}");
        }
    }

    /// Checks the chapter, `README.md`: its parts are in order, its Python comes from the twin, its `rs` from `src`,
    /// its outputs from recorded runs, each row of its table is proven by a test that exists, and its links lead somewhere.
    ///
    /// # Panics
    ///
    /// At the first of these that does not hold.
    pub fn chapter_holds(&self) {
        let chapter = read(&self.folder.join("README.md"));
        parts_are_in_order(&chapter);
        helpers_are_explained(&chapter);
        let twin = read(&self.folder.join("twin.py"));
        let sources = self.files_of("src");
        let outputs = self.recorded_texts();
        for (language, code) in code_blocks(&chapter) {
            let indented = code.lines().all(|line| line.is_empty() || line.starts_with(' '));
            assert!(language == "text" || !indented, "on a phone the indent of the whole block costs space:\n{code}");
            match language {
                // rustdoc compiles a block of `rust`, and leaves out one of `rs`.
                "rs" => assert!(holds_indented(&sources, code), "this is not a part of a file in src:\n{code}"),
                "python" => assert!(holds_indented(&twin, code), "this is not a part of twin.py:\n{code}"),
                "text" => {
                    assert!(outputs.iter().any(|output| output.contains(code)), "no recorded run prints:\n{code}");
                }
                "sh" | "toml" => {}
                rust if rust.starts_with("rust") => {
                    assert!(!rust.contains("ignore"), "a code block that is never compiled:\n{code}");
                    assert!(!code.lines().any(|line| line.starts_with("# ")), "GitHub shows hidden lines:\n{code}");
                }
                other => panic!("a code block in an unknown language, {other:?}"),
            }
        }
        self.commands_work(&chapter);
        self.claims_are_proven(&chapter);
        self.links_lead_somewhere(&chapter);
    }

    /// Every row of a table with the column "Proof" ends with the names of tests, as do the paragraphs that end with "Proof:".
    fn claims_are_proven(&self, chapter: &str) {
        let tests = self.files_of("tests");
        let mut proven = 0;
        let mut in_table = false;
        for line in chapter.lines() {
            let last_cell = line.trim_matches(['|', ' ']).rsplit('|').next().unwrap_or_default().trim();
            in_table = line.starts_with('|') && (in_table || last_cell == PROOF);
            let linked = line.matches("Proof").count() == line.matches(PROOF).count();
            assert!(linked, "a proof that leads nowhere on GitHub; write {PROOF}:\n{line}");
            let proofs = match line.strip_prefix(PROOF).and_then(|rest| rest.strip_prefix(": ")) {
                Some(names) => names.trim_end_matches('.'),
                None if in_table && last_cell != PROOF && !last_cell.starts_with('-') => last_cell,
                None => continue,
            };
            proven += 1;
            for name in proofs.split(", ") {
                assert!(
                    is_test(&tests, name.trim_matches('`')),
                    "no test is called {name}, which should prove:\n{line}"
                );
            }
        }
        assert!(proven > 0, "the chapter has no table whose last column is {PROOF}");
    }

    /// Runs every command of the chapter that tells this topic's story, on the virtual clock if the story has one.
    fn commands_work(&self, chapter: &str) {
        let command = format!("cargo run -p {}", self.name);
        for line in chapter.lines().filter_map(|line| line.strip_prefix(&command)) {
            let typed = line.split('#').next().unwrap_or_default();
            let flags: Vec<_> = typed.split_whitespace().filter(|word| !matches!(*word, "--" | "--fast")).collect();
            // These runs take real time, and the recorded files run them anyway.
            let recorded = !self.fast && flags.iter().all(|flag| matches!(*flag, "--naive" | "--asyncio" | "--both"));
            let needs_python = flags.iter().any(|flag| matches!(*flag, "--asyncio" | "--both"));
            let tells_no_story = flags.iter().any(|flag| matches!(*flag, "--help" | "--cost"));
            if !recorded && !tells_no_story && (!needs_python || python().is_some()) {
                self.run(&flags, "1");
            }
        }
    }

    fn links_lead_somewhere(&self, chapter: &str) {
        for link in chapter.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            let elsewhere = link.contains("://") || link.contains("::") || file.is_empty();
            assert!(elsewhere || self.folder.join(file).exists(), "a link to nowhere: {link}");
        }
    }

    /// The text of all files below a folder of the topic.
    fn files_of(&self, name: &str) -> String {
        fn collect(folder: &Path, text: &mut String) {
            let Ok(entries) = fs::read_dir(folder) else { return };
            for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
                if path.is_dir() {
                    collect(&path, text);
                } else {
                    text.push_str(&fs::read_to_string(&path).unwrap_or_default());
                }
            }
        }
        let mut text = String::new();
        collect(&self.folder.join(name), &mut text);
        text
    }

    fn recorded_texts(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.join("recorded")).into_iter().flatten();
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "txt")).map(|path| read(&path)).collect()
    }

    /// Runs the program with these flags.
    fn run(&self, flags: &[&str], seed: &str) -> Run {
        // Dropped at the end, which removes it.
        let json = NamedTempFile::new().unwrap_or_else(|error| panic!("no file for the recording: {error}"));
        let mut command = Command::new(&self.program);
        command.args(flags).args([SEED[0], seed]).arg("--json").arg(json.path());
        command.args(self.fast.then_some("--fast")).env_remove("COLUMNS");
        let output =
            command.output().unwrap_or_else(|error| panic!("{} cannot be run: {error}", self.program.display()));
        let text = String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?} ended with {}:\n{text}{complaint}", output.status);
        let recording = Recording::from_json(&read(json.path())).unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Run { output: text, recording }
    }

    /// What two runs must have in common: everything on the virtual clock, all but the times on the real one.
    fn essence(&self, run: &Run) -> String {
        if self.fast {
            let mut recording = run.recording.clone();
            if recording.title.ends_with("in asyncio") {
                // Whether a `wait_for` that is over resumes its caller once or twice in that instant depends on Python's version.
                recording.lanes.iter_mut().for_each(|lane| lane.polls.dedup_by_key(|poll| poll.at));
            }
            return format!("{}\n{}", run.output, recording.to_json());
        }
        let ends = ends(&run.recording).into_iter();
        let ends = ends.map(|((name, number), outcome)| format!("{name} {number}: {outcome:?}"));
        run.lines(false).into_iter().chain(ends).collect::<Vec<_>>().join("\n")
    }
}

impl Run {
    /// The lines of the story: between the heading and the empty line before the timeline.
    fn lines(&self, with_time: bool) -> Vec<String> {
        let lines = self.output.lines().skip(1).take_while(|line| !line.is_empty());
        lines.map(|line| if with_time { collapsed(line) } else { without_time(line) }).collect()
    }
}

/// How each lane ended, by its name and its number among those of that name.
fn ends(recording: &Recording) -> BTreeMap<(String, usize), Option<Outcome>> {
    let mut counts = BTreeMap::<&str, usize>::new();
    let mut ends = BTreeMap::new();
    for lane in &recording.lanes {
        let number = counts.entry(&lane.name).or_default();
        *number += 1;
        ends.insert((lane.name.clone(), *number), lane.outcome);
    }
    ends
}

/// The most lines that two texts share in the same order, and the lines that only one of them has.
fn compare(ours: &[String], theirs: &[String]) -> (usize, Vec<String>) {
    // shared[i][j]: the longest common subsequence of ours[i..] and theirs[j..].
    let mut shared = vec![vec![0; theirs.len() + 1]; ours.len() + 1];
    for i in (0..ours.len()).rev() {
        for j in (0..theirs.len()).rev() {
            let same = if ours[i] == theirs[j] { shared[i + 1][j + 1] + 1 } else { 0 };
            shared[i][j] = same.max(shared[i + 1][j]).max(shared[i][j + 1]);
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut different = Vec::new();
    while i < ours.len() || j < theirs.len() {
        if i < ours.len() && j < theirs.len() && ours[i] == theirs[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == theirs.len() || (i < ours.len() && shared[i + 1][j] >= shared[i][j + 1]) {
            different.push(ours[i].clone());
            i += 1;
        } else {
            different.push(theirs[j].clone());
            j += 1;
        }
    }
    (shared[0][0], different)
}

/// Whether a function of this name stands below a `#[test]` or `#[tokio::test]` in this source.
#[must_use]
pub fn is_test(source: &str, name: &str) -> bool {
    let Some((before, _)) = source.split_once(&format!("fn {name}(")) else { return false };
    // The first piece is the beginning of the function's own line.
    let mut attributes = before.rsplit('\n').skip(1).take_while(|line| line.trim_start().starts_with("#["));
    attributes.any(|line| line.contains("test"))
}

/// Panics with the first line that differs.
fn assert_same(expected: &str, found: &str, cure: &str) {
    let mut lines = expected.lines().zip(found.lines());
    match lines.find(|(expected, found)| expected != found) {
        Some((expected, found)) => panic!("{cure}\nexpected: {expected}\n   found: {found}"),
        None => assert!(expected == found, "{cure}\nexpected {} bytes, found {}", expected.len(), found.len()),
    }
}

/// A line with single spaces.
fn collapsed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line of a story without its time: `1.50 s users answered` is `users answered`.
fn without_time(line: &str) -> String {
    let line = collapsed(line);
    match line.split_once(" s ") {
        Some((time, rest)) if time.contains('.') && time.parse::<f64>().is_ok() => rest.to_owned(),
        _ => line,
    }
}

/// The chapter opens with the picture, then asyncio's way, Tokio's, what differs, the traps, production, and where to read on.
fn parts_are_in_order(chapter: &str) {
    let parts = [
        "\n![",
        "\n## In asyncio",
        "\n## In Tokio",
        "\n## What differs",
        "\n## Traps",
        "\n## In production",
        "\n## Exercises",
        "\n## Read on",
    ];
    let mut from = 0;
    for part in parts {
        let found = chapter[from..].find(part);
        from += found.unwrap_or_else(|| panic!("the chapter lacks, or has in the wrong place: {}", part.trim()));
    }
}

/// A chapter says what a helper of the twins does, such as `say`, before or right after the first Python block that calls it.
fn helpers_are_explained(chapter: &str) {
    // The parts with an odd number are code.
    let parts: Vec<_> = chapter.split("\n```").collect();
    for helper in ["say", "lane", "lane_blocking", "level", "hold"] {
        let part_of_a_name = |letter: char| letter.is_alphanumeric() || "_.".contains(letter);
        let calls = |code: &str| {
            let found: Vec<_> = code.match_indices(&format!("{helper}(")).map(|(at, _)| at).collect();
            code.starts_with("python") && found.iter().any(|at| !code[..*at].ends_with(part_of_a_name))
        };
        let Some(first) = (1..parts.len()).step_by(2).find(|part| calls(parts[*part])) else { continue };
        let explained = parts[..=first + 1].iter().step_by(2).any(|words| words.contains(&format!("`{helper}`")));
        assert!(explained, "the chapter calls `{helper}` in Python, and does not say there what it does");
    }
}

/// Whether `file` holds `code`. A chapter shows a method without the indent that it has in its file.
fn holds_indented(file: &str, code: &str) -> bool {
    ["", "    ", "        ", "            "].iter().any(|indent| {
        let indented = code
            .split_inclusive('\n')
            .map(|line| if line == "\n" { line.to_owned() } else { format!("{indent}{line}") });
        file.contains(&indented.collect::<String>())
    })
}

/// The fenced blocks of a chapter: language and code.
#[must_use]
pub fn code_blocks(chapter: &str) -> Vec<(&str, &str)> {
    let fenced = chapter.split("\n```").skip(1).step_by(2);
    fenced.map(|block| block.split_once('\n').unwrap_or((block, ""))).collect()
}

/// The name of a Python that can run the twins. If there is none, prints that what needs it is skipped.
///
/// # Panics
///
/// In continuous integration (the variable `CI` is set), if there is none.
#[must_use]
pub fn python() -> Option<&'static str> {
    match story::find_python() {
        Ok(python) => Some(python),
        Err(sentence) => {
            assert!(std::env::var_os("CI").is_none(), "{sentence}");
            // Not `eprintln!`, which the test harness hides.
            let _ = writeln!(io::stderr(), "SKIPPED: the asyncio twin. {sentence}");
            None
        }
    }
}

/// What a Python script prints. The script must succeed and print no errors. If there is no Python, the result is empty.
///
/// # Panics
///
/// If the script fails, or writes to its standard error.
#[expect(clippy::must_use_candidate, reason = "most scripts only assert")]
pub fn run_python(script: &str) -> String {
    let Some(python) = python() else { return String::new() };
    let output = Command::new(python).args(["-c", script]).output();
    let output = output.unwrap_or_else(|error| panic!("{python}: {error}"));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && complaint.is_empty(), "{complaint}\nin the script:\n{script}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Runs the `async def main` of a script. Its assertions are a claim about asyncio.
///
/// # Panics
///
/// If an assertion fails, or anything else goes wrong.
pub fn run_asyncio(script: &str) {
    run_python(&format!("import asyncio\n{script}\nasyncio.run(main())\n"));
}

fn read(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.replace("\r\n", "\n")
}

fn write(path: &Path, text: &str) {
    let folder = path.parent().unwrap_or(path);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, text));
    written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
