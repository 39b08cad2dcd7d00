//! Proves the exercises: for CI, and for authors of exercises.
//!
//! One call of cargo builds a generated workspace, with the lock file and the target folder of the real workspace.
//! In it, each exercise is one program that holds every variant of the answer: the start, the solution and each mistake.
//! A variant that does not compile, or does not fit in with the others, gets a separate program.

use std::collections::HashSet;
use std::env::{self, consts};
use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use bank::{
    Built, CHECKS, CRATES, Course, Exercise, Look, Message, Outcome, Ran, Told, Topic, cargo, counted, read, replace,
    run, say, seal_of,
};
use console::style;

use crate::reader::in_brief;
use crate::{STOP, dispatch};

/// What an exercise's folder may hold, besides the files of its checks.
const FILES: [&str; 5] = ["README.md", "answer.rs", "mistakes", "solution.rs", "start.rs"];
/// A longer file of checks says too much at once.
const MOST_LINES_OF_A_FILE: usize = 250;
const FEWEST_MISTAKES: usize = 3;
const FEWEST_HINTS: usize = 2;

/// What a verdict says if exam's watchdog has ended the answer.
const HUNG: &str = "hung and was stopped";

/// The most time that a case may take. A hang that the watchdog ends takes three seconds.
const PATIENCE: Duration = Duration::from_secs(20);

/// A verdict leaves room for a line of keys and a prompt on a terminal of 24 lines.
const MOST_LINES: usize = 22;

/// How a reader sees a verdict in a small terminal.
const LOOK: Look = Look { columns: 80, full: false };

/// One version of an answer, and the outcome that it should have.
struct Case<'a> {
    exercise: &'a Exercise,
    /// `start`, `solution`, or the name of a mistake.
    name: String,
    answer: String,
    wanted: Wanted,
    /// What its program reported; `None` if it was not built. Empty until it has run.
    ran: OnceLock<Option<Told<Ran>>>,
    /// Whether this operating system lets the checks see the mistake.
    here: bool,
}

#[derive(PartialEq)]
enum Wanted {
    Passes,
    Fails,
    /// It fails, and this check is the first that fails.
    FailsIn(String),
}

/// Everything that is wrong, and how long the cases took.
#[derive(Default)]
struct Findings {
    problems: Vec<String>,
    times: Vec<(Duration, String)>,
    /// Whether to print every verdict.
    show: bool,
}

impl Case<'_> {
    fn key(&self) -> (String, String) {
        (self.exercise.id(), self.name.clone())
    }

    /// The name of its test target, if it has a separate program.
    fn target(&self) -> String {
        format!("{}-{}", self.exercise.name, self.name)
    }

    /// Whether this is the outcome that it should have.
    fn came_to(&self, outcome: &Outcome) -> bool {
        match (&self.wanted, outcome) {
            _ if !self.here => true,
            (Wanted::Passes, Outcome::Passed) | (Wanted::Fails, Outcome::Failed(_)) => true,
            (Wanted::FailsIn(wanted), Outcome::Failed(check)) => wanted == check,
            _ => false,
        }
    }
}

impl Findings {
    fn wrong(&mut self, who: &str, what: &str) {
        self.problems.push(format!("{who}: {what}"));
    }
}

/// Verifies one exercise (`gather/two_stages`), the exercises of a topic, or all.
pub(crate) fn verify(course: &Course, which: Option<&str>, show: bool) -> Told<ExitCode> {
    let start = Instant::now();
    let only = which.filter(|which| which.contains('/')).map(|which| course.exercise(which)).transpose()?;
    let wanted = |exercise: &&Exercise| only.is_none_or(|only| only.id() == exercise.id());
    let topics = course.topics(only.map_or(which, |exercise| Some(&exercise.topic)))?;
    let mut findings = Findings { show, ..Findings::default() };
    let mut cases = Vec::new();
    for topic in &topics {
        if read(&topic.folder.join("exercises").join("seal.txt")).ok() != seal_of(topic).ok() {
            findings.wrong(&topic.name, "seal.txt is not up to date: cargo workbook seal");
        }
        let (crates, of_others) = (topic.crates()?, course.topics[0].crates()?);
        if crates.len() < CRATES.len() || crates != of_others {
            findings.wrong(
                &topic.name,
                &format!(
                    "[dev-dependencies] must have {}, on the same lines as in the other topics: answers may use them",
                    CRATES.join(", ")
                ),
            );
        }
        let chapter = read(&topic.folder.join("README.md"))?;
        for exercise in topic.exercises.iter().filter(wanted) {
            room(exercise, &mut findings)?;
            if !chapter.contains(&format!("](exercises/{}/README.md)", exercise.name)) {
                findings.wrong(
                    &exercise.id(),
                    "the chapter, the topic's README.md, has no link to it under `## Exercises`",
                );
            }
            cases.extend(cases_of(exercise, &mut findings)?);
        }
    }
    style_of(course, &topics, &cases, &mut findings)?;
    let bank = Bank::build(course, &topics, &cases)?;
    let building = start.elapsed();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        // The cases share nothing, and mostly wait. So one per processor at the same time does not disturb a real clock.
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let program = bank.built.programs.get(&bank.target(case));
                    let once = || {
                        program.map(|program| run(program, &case.exercise.id(), &case.name, &course.root, LOOK, &STOP))
                    };
                    // On a busy machine, a case may be ended as if it hung. It gets a second run.
                    let run = || match once() {
                        Some(Ok(ran)) if ran.verdict.contains(HUNG) && !case.came_to(&ran.outcome) => once(),
                        ran => ran,
                    };
                    // The judge waits for this case, so it must be set even after a panic.
                    let ran = catch_unwind(AssertUnwindSafe(run));
                    case.ran.get_or_init(|| ran.unwrap_or_else(|_| Some(Err("verify itself panicked.".to_owned()))));
                }
            });
        }
        topics.iter().flat_map(|topic| &topic.exercises).filter(wanted).try_for_each(|exercise| {
            let cases: Vec<_> = cases.iter().filter(|case| case.exercise.id() == exercise.id()).collect();
            judge(course, exercise, &cases, &bank, &mut findings)
        })
    })?;
    findings.times.sort();
    let slowest: Vec<_> =
        findings.times.iter().rev().take(3).map(|(time, who)| format!("{who} {} ms", time.as_millis())).collect();
    say(format!("\nslowest: {}", slowest.join(", ")));
    let (all, seconds, building) =
        (counted(cases.len(), "case"), start.elapsed().as_secs_f32(), building.as_secs_f32());
    say(format!("{all} in {seconds:.1} s, of which {building:.1} s were spent on building, formatting and lints"));
    for case in cases.iter().filter(|case| !case.here) {
        say(format!("not judged on {}: {}, {}", consts::OS, case.exercise.id(), case.name));
    }
    for problem in &findings.problems {
        say(format!("{} {problem}", style("✗").red()));
    }
    Ok(if findings.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Checks the files of an exercise: all exist and no others, the hints and the level are there, and the answer is as shipped.
fn room(exercise: &Exercise, findings: &mut Findings) -> Told<()> {
    let id = exercise.id();
    let mut wrong = |what: &str| findings.wrong(&id, what);
    for file in files(&exercise.folder)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !FILES.iter().chain(&CHECKS).any(|file| *file == name) {
            wrong(&format!("the file {name} does not belong here"));
        }
    }
    let checks = exercise.checks()?;
    for (file, text) in &checks {
        let lines = text.lines().count();
        if lines > MOST_LINES_OF_A_FILE {
            wrong(&format!(
                "{file} has {lines} lines, where {MOST_LINES_OF_A_FILE} are the limit: types for the answer belong in given.rs, what the checks play belongs in scenes.rs"
            ));
        }
    }
    let start = exercise.text("start.rs")?;
    if start.lines().any(|line| line.starts_with("use super::") && !line.starts_with("use super::given::")) {
        wrong("start.rs imports from check.rs: types for the answer belong in given.rs");
    }
    if checks.iter().any(|(file, _)| *file == "given.rs") && !exercise.task()?.contains("`given.rs`") {
        wrong("the task does not say what is in `given.rs`");
    }
    if exercise.text("answer.rs")? != start {
        wrong("answer.rs differs from start.rs, so a reader would find it begun");
    }
    if !exercise.text("README.md")?.starts_with(&format!("# {}\n", exercise.name)) {
        wrong("README.md does not begin with the exercise's name as its heading");
    }
    if exercise.level().is_none() {
        wrong("README.md has no line like `Level 1 of 3, about 5 minutes.`");
    }
    let hints = exercise.hints()?;
    for (number, hint) in (1..).zip(&hints) {
        let names: Vec<_> = hint.checks.iter().map(|check| format!("\"{check}\"")).collect();
        let names = if names.is_empty() { String::new() } else { format!(", for {}", names.join(", ")) };
        if hint.summary != format!("{number}{names}") {
            wrong(&format!(
                "the summary `Hint {}` is not like `Hint {number}`, or `Hint {number}, for \"a check\", \"another check\"`",
                hint.summary
            ));
        }
    }
    if hints.iter().filter(|hint| !hint.text.is_empty()).count() < FEWEST_HINTS {
        wrong(&format!(
            "README.md has fewer than {FEWEST_HINTS} hints, each folded: `<details>`, `<summary>Hint 1</summary>`, an empty line, the hint, `</details>`"
        ));
    }
    Ok(())
}

/// The start, the solution and the mistakes, each with the outcome that it should have.
fn cases_of<'a>(exercise: &'a Exercise, findings: &mut Findings) -> Told<Vec<Case<'a>>> {
    let case = |name: &str, answer, wanted| Case {
        exercise,
        name: name.to_owned(),
        answer,
        wanted,
        ran: OnceLock::new(),
        here: true,
    };
    let mut cases = vec![
        case("start", exercise.text("start.rs")?, Wanted::Fails),
        case("solution", exercise.text("solution.rs")?, Wanted::Passes),
    ];
    for file in files(&exercise.file("mistakes"))? {
        let answer = read(&file)?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let caught = answer.lines().find_map(|line| line.strip_prefix("//! Caught by: "));
        match caught {
            Some(check) => {
                // Such as `, on Linux` or `, on Unix`.
                let (check, system) = check.split_once(", on ").unwrap_or((check, consts::OS));
                let here = [consts::OS, consts::FAMILY].contains(&system.to_lowercase().as_str());
                let wanted = Wanted::FailsIn(check.to_owned());
                cases.push(Case { here, ..case(&name, answer, wanted) });
            }
            None => {
                findings
                    .wrong(&exercise.id(), &format!("mistakes/{name}.rs has no line `//! Caught by: ` and a check"));
            }
        }
    }
    if cases.len() < 2 + FEWEST_MISTAKES {
        findings.wrong(&exercise.id(), &format!("it has fewer than {FEWEST_MISTAKES} mistakes"));
    }
    Ok(cases)
}

/// The format of all files, and the lints of our own: the checks and the solutions.
fn style_of(course: &Course, topics: &[&Topic], cases: &[Case<'_>], findings: &mut Findings) -> Told<()> {
    let mut format = Command::new("rustfmt");
    format.args(["--check", "--edition", "2024", "--config-path"]).arg(&course.root);
    for exercise in topics.iter().flat_map(|topic| &topic.exercises) {
        format.arg(exercise.file("check.rs")).arg(exercise.file("start.rs"));
    }
    for case in cases.iter().filter(|case| matches!(case.wanted, Wanted::FailsIn(_))) {
        format.arg(case.exercise.file("mistakes").join(format!("{}.rs", case.name)));
    }
    let formatted = format.output().map_err(|error| format!("rustfmt cannot be run: {error}."))?;
    if !formatted.status.success() {
        let words = [formatted.stdout, formatted.stderr].concat();
        findings.wrong("rustfmt", &String::from_utf8_lossy(&words));
    }
    let mut words = vec!["clippy"];
    for topic in topics {
        words.extend(["--package", &topic.name]);
        words.extend(topic.exercises.iter().flat_map(|exercise| ["--test", &exercise.name]));
    }
    let checked = cargo(&course.root, &words, false, Duration::MAX, &STOP)?;
    for message in
        checked.messages.iter().filter(|message| message.files.iter().any(|file| file.contains("/exercises/")))
    {
        findings.wrong("clippy", &message.rendered);
    }
    if !checked.succeeded && findings.problems.is_empty() {
        findings.wrong("clippy", &checked.complaint);
    }
    Ok(())
}

/// What was built, and which cases have a separate program.
struct Bank {
    built: Built,
    alone: Alone,
}

/// The cases with a separate program: exercise and case.
type Alone = HashSet<(String, String)>;

impl Bank {
    /// Builds all cases. Repeats this until it has found every case that does not fit in with the others.
    fn build(course: &Course, topics: &[&Topic], cases: &[Case<'_>]) -> Told<Self> {
        let mut alone = Alone::new();
        loop {
            let exercises = topics.iter().flat_map(|topic| &topic.exercises);
            let modules: Vec<_> = exercises.filter_map(|exercise| Module::of(exercise, cases, &mut alone)).collect();
            let built = build(course, topics, cases, &modules, &alone)?;
            if STOP.load(Ordering::Relaxed) {
                return Err("Stopped.".to_owned());
            }
            let before = alone.len();
            for module in modules.iter().filter(|module| !built.programs.contains_key(&module.exercise.name)) {
                alone.extend(module.misfits(&built.messages).into_iter().map(|name| (module.exercise.id(), name)));
            }
            if alone.len() == before {
                return Ok(Self { built, alone });
            }
        }
    }

    fn target(&self, case: &Case<'_>) -> String {
        if self.alone.contains(&case.key()) { case.target() } else { case.exercise.name.clone() }
    }
}

/// The program of an exercise with its variants.
struct Module<'a> {
    exercise: &'a Exercise,
    variants: Vec<(String, String)>,
    /// The text of `answer.rs`.
    text: String,
}

impl<'a> Module<'a> {
    /// `None` if fewer than two cases fit in. A case that does not fit is added to `alone`.
    fn of(exercise: &'a Exercise, cases: &[Case<'_>], alone: &mut Alone) -> Option<Self> {
        let start = exercise.text("start.rs").ok()?;
        let mut variants = Vec::new();
        for case in cases.iter().filter(|case| case.exercise.id() == exercise.id()) {
            match dispatch::variant(&case.answer, &start) {
                Some(text) if !alone.contains(&case.key()) => variants.push((case.name.clone(), text)),
                _ => _ = alone.insert(case.key()),
            }
        }
        let names: Vec<_> = variants.iter().map(|(name, _)| name.as_str()).collect();
        let text = dispatch::module(&start, &names).filter(|_| names.len() > 1);
        if text.is_none() {
            alone.extend(names.into_iter().map(|name| (exercise.id(), name.to_owned())));
        }
        Some(Self { exercise, text: text?, variants })
    }

    /// The variants at which the errors point, or all variants.
    fn misfits(&self, messages: &[Message]) -> Vec<String> {
        let errors: Vec<_> =
            messages.iter().filter(|message| message.is_error && message.target == self.exercise.name).collect();
        let names = self.variants.iter().map(|(name, _)| name);
        let guilty = names.clone().filter(|name| {
            let file = format!("/{}/{name}/answer.rs", self.exercise.name);
            let lines = self.text.lines().enumerate();
            let room = dispatch::room(name);
            let is_of_it = |line: &str| ["::", "("].iter().any(|after| line.contains(&format!("{room}{after}")));
            let calls = lines.filter(|(_, line)| is_of_it(line));
            let calls: Vec<_> = calls.map(|(at, _)| format!("/{}/answer.rs:{}:", self.exercise.name, at + 1)).collect();
            errors.iter().any(|error| {
                error.files.iter().any(|other| other.ends_with(&file))
                    || calls.iter().any(|call| error.rendered.contains(call))
            })
        });
        let guilty: Vec<_> = guilty.cloned().collect();
        if guilty.is_empty() { names.cloned().collect() } else { guilty }
    }

    /// Writes its files. The variants have the lints of the checks' `mod answer`, and reach the checks as `super`.
    fn write(&self, room: &Path) -> Told<()> {
        let checks = self.exercise.checks()?;
        let check = checks.iter().find(|(file, _)| *file == "check.rs").map_or("", |(_, check)| check);
        let lints = check.split("\nmod answer;").next().and_then(|before| before.rsplit('\n').next());
        let lints = lints.filter(|line| line.starts_with("#[allow(")).unwrap_or_default();
        let mut rooms = String::new();
        for (name, text) in &self.variants {
            write(&room.join(name).join("answer.rs"), text)?;
            let _ = write!(rooms, "{lints}\n#[path = \"{name}/answer.rs\"]\nmod {};\n", dispatch::room(name));
        }
        for (file, text) in &checks {
            let rooms = if *file == "check.rs" { &rooms } else { "" };
            write(&room.join(file), &format!("{text}\n{rooms}"))?;
        }
        write(&room.join("solution.rs"), &self.exercise.text("solution.rs")?)?;
        write(&room.join("answer.rs"), &self.text)
    }
}

/// Writes the generated workspace and builds it. Files that have not changed keep their times, so that cargo does nothing twice.
fn build(course: &Course, topics: &[&Topic], cases: &[Case<'_>], modules: &[Module<'_>], alone: &Alone) -> Told<Built> {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| course.root.join("target"), PathBuf::from);
    let folder = target.join("verify");
    let real = course.root.display().to_string().replace('\\', "/");
    let manifest = read(&course.root.join("Cargo.toml"))?;
    let members: Vec<_> = topics.iter().map(|topic| format!("{:?}", topic.name)).collect();
    let all = "members = [\"crates/*\"]";
    if !manifest.contains(all) {
        return Err(format!("Cargo.toml has no line `{all}`, and the workspace of the variants is made from it."));
    }
    let mut manifest = manifest
        .replace(all, &format!("members = [{}]", members.join(", ")))
        .replace("path = \"crates/", &format!("path = \"{real}/crates/"));
    // These programs need no debug information. Incremental builds help only the author of one topic, who verifies it again after an edit.
    let again = topics.len() == 1;
    for topic in &members {
        let _ = write!(manifest, "\n[profile.dev.package.{topic}]\ndebug = false\nincremental = {again}\n");
    }
    write(&folder.join("Cargo.toml"), &manifest)?;
    write(&folder.join("Cargo.lock"), &read(&course.root.join("Cargo.lock"))?)?;
    for topic in topics {
        let mut tests = Vec::new();
        for module in modules.iter().filter(|module| module.exercise.topic == topic.name) {
            module.write(&folder.join(&topic.name).join(&module.exercise.name))?;
            tests.push((module.exercise.name.clone(), module.exercise.name.clone()));
        }
        let of_topic = cases.iter().filter(|case| case.exercise.topic == topic.name);
        for case in of_topic.filter(|case| alone.contains(&case.key())) {
            let room = format!("{}/{}", case.exercise.name, case.name);
            let mut files = case.exercise.checks()?;
            files.extend([("solution.rs", case.exercise.text("solution.rs")?), ("answer.rs", case.answer.clone())]);
            for (file, text) in files {
                write(&folder.join(&topic.name).join(&room).join(file), &text)?;
            }
            tests.push((case.target(), room));
        }
        let manifest = read(&topic.folder.join("Cargo.toml"))?;
        write(
            &folder.join(&topic.name).join("Cargo.toml"),
            &member(&manifest, &format!("{real}/crates/{}", topic.name), &tests),
        )?;
    }
    let manifest = folder.join("Cargo.toml").display().to_string();
    let target = target.display().to_string();
    let words =
        ["build", "--manifest-path", &manifest, "--target-dir", &target, "--workspace", "--test", "*", "--keep-going"];
    cargo(&course.root, &words, false, Duration::MAX, &STOP)
}

/// The manifest of a topic with other targets: its library where it is, and these tests, each in its folder.
fn member(manifest: &str, folder: &str, tests: &[(String, String)]) -> String {
    let mut made = String::new();
    let mut keep = true;
    for line in manifest.lines() {
        if line.starts_with('[') {
            keep = !line.starts_with("[[") && line != "[lib]";
        }
        // `default-run` names a program, and programs are not among the targets.
        if keep && !line.starts_with("default-run") {
            made += line;
            made.push('\n');
        }
        if line == "[package]" {
            made += "autobins = false\nautotests = false\nautobenches = false\nautoexamples = false\n";
        }
    }
    // Writing to a String cannot fail.
    let _ = write!(made, "[lib]\npath = \"{folder}/src/lib.rs\"\n");
    for (name, room) in tests {
        let _ = write!(made, "\n[[test]]\nname = \"{name}\"\npath = \"{room}/check.rs\"\nharness = false\n");
    }
    made
}

/// Judges the cases of one exercise, each as soon as its process has ended.
fn judge(course: &Course, exercise: &Exercise, cases: &[&Case<'_>], bank: &Bank, findings: &mut Findings) -> Told<()> {
    let before = findings.problems.len();
    let mut checks = Vec::new();
    // The verdict that the workspace's README shows must be one that a mistake gets.
    let readme = read(&course.root.join("README.md"))?;
    let mut shown: Vec<_> = readme.split("```").filter_map(|block| block.strip_prefix("text\n")).collect();
    shown.retain(|block| block.starts_with(&format!("{}\n", exercise.id())));
    for case in cases {
        let (name, built) = (bank.target(case), &bank.built);
        let who = format!("{}, {}", exercise.id(), case.name);
        let about_answer = format!("/{}/{}/answer.rs", exercise.name, case.name);
        let words: Vec<_> = built.messages.iter().filter(|message| message.target == name).collect();
        let Some(ran) = case.ran.wait() else {
            let errors: Vec<_> =
                words.iter().filter(|message| message.is_error).map(|message| message.rendered.as_str()).collect();
            let errors = if errors.is_empty() { built.complaint.clone() } else { errors.concat() };
            findings.wrong(&who, &format!("it does not compile\n{errors}"));
            continue;
        };
        let warned = words.iter().find(|message| message.files.iter().any(|file| file.ends_with(&about_answer)));
        if let (Some(warning), "start") = (warned, case.name.as_str()) {
            findings.wrong(&who, &format!("the shipped answer has warnings\n{}", warning.rendered));
        }
        let ran = ran.as_ref().map_err(String::clone)?;
        if case.wanted == Wanted::Passes {
            checks = ran
                .verdict
                .lines()
                .filter_map(|line| Some(without_ink(line).strip_prefix("  ✓ ")?.to_owned()))
                .collect();
        }
        if findings.show && case.name != "start" {
            say(format!("\n{} {who}\n{}", style("──").dim(), ran.verdict));
        }
        let lines = without_ink(&ran.verdict).trim_end().lines().map(|line| line.chars().count()).collect::<Vec<_>>();
        if lines.len() > MOST_LINES || lines.iter().any(|columns| *columns > LOOK.columns) {
            findings.wrong(&who, &format!("its verdict does not fit 24 lines of 80 columns\n{}", ran.verdict));
        }
        if ran.took > PATIENCE {
            findings.wrong(&who, &format!("it takes {} s", ran.took.as_secs()));
        }
        findings.times.push((ran.took, who.clone()));
        shown.retain(|block| !without_ink(&ran.verdict).contains(block.trim_end()));
        if ran.verdict.contains("The solution of this exercise is broken.") {
            findings.wrong(&who, &format!("{}\n(are solution and answer swapped in `Exam::new`?)", ran.verdict));
            continue;
        }
        match (&case.wanted, &ran.outcome) {
            (_, outcome) if case.came_to(outcome) => {}
            (Wanted::FailsIn(wanted), outcome) => {
                findings.wrong(
                    &who,
                    &format!(
                        "it should fail in `{wanted}`, but its outcome is: {}\n{}",
                        in_brief(outcome),
                        ran.verdict
                    ),
                );
            }
            (_, outcome) => findings.wrong(&who, &format!("{}\n{}", in_brief(outcome), ran.verdict)),
        }
    }
    for block in shown {
        findings.wrong(&exercise.id(), &format!("README.md shows a verdict that none of the mistakes gets:\n{block}"));
    }
    let caught =
        |check: &&String| cases.iter().any(|case| matches!(&case.wanted, Wanted::FailsIn(wanted) if wanted == *check));
    for check in checks.iter().filter(|check| !caught(check)) {
        findings
            .wrong(&exercise.id(), &format!("no mistake is caught by `{check}`, so nothing proves that it can fail"));
    }
    let hints = exercise.hints()?;
    let named: Vec<_> = hints.iter().flat_map(|hint| &hint.checks).collect();
    for check in named.iter().filter(|check| !checks.is_empty() && !checks.contains(check)) {
        findings.wrong(&exercise.id(), &format!("README.md has a hint for `{check}`, and there is no such check"));
    }
    for check in checks.iter().filter(|check| !named.contains(check)) {
        findings.wrong(&exercise.id(), &format!("no hint of README.md is for `{check}`: name it in a summary"));
    }
    let mark = if findings.problems.len() == before { style("✓").green() } else { style("✗").red() };
    let (checks, mistakes) = (counted(checks.len(), "check"), counted(cases.len().saturating_sub(2), "mistake"));
    say(format!("{mark} {}: {checks}, {mistakes}", exercise.id()));
    Ok(())
}

fn without_ink(line: &str) -> String {
    console::strip_ansi_codes(line).into_owned()
}

/// The files in a folder, sorted by name.
fn files(folder: &Path) -> Told<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{} cannot be read: {error}.", folder.display()))?;
    let files: Result<Vec<_>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut files = files.map_err(|error| format!("{} cannot be read: {error}.", folder.display()))?;
    files.sort();
    Ok(files)
}

fn write(file: &Path, text: &str) -> Told<()> {
    if read(file).is_ok_and(|old| old == text) { Ok(()) } else { replace(file, text) }
}
