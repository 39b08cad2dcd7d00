//! The topics and exercises of the workspace.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use similar::get_close_matches;

use crate::Told;
use crate::files::{hash, read};
use crate::progress::Progress;

/// How a hint begins in an exercise's README. It is folded, so that nobody reads it with the task, and `</details>` ends it.
///
/// Its summary may name the checks that it helps with: `Hint 2, for "asks all at once", "returns all results"`.
const HINT: &str = "\n<details>\n<summary>Hint ";

/// The workspace and its exercises, in learning order.
#[derive(Debug)]
pub struct Course {
    /// The folder of the workspace.
    pub root: PathBuf,
    /// The topics that have exercises, in the order of the README's table.
    pub topics: Vec<Topic>,
}

/// A crate with exercises.
#[derive(Debug)]
pub struct Topic {
    /// Its name and its folder in `crates`.
    pub name: String,
    /// Where it is.
    pub folder: PathBuf,
    /// In learning order.
    pub exercises: Vec<Exercise>,
}

/// One exercise: a folder with a task, checks and an answer.
#[derive(Clone, Debug)]
pub struct Exercise {
    /// The topic it belongs to.
    pub topic: String,
    /// Its name, which is also the name of its test target.
    pub name: String,
    /// Where its files are.
    pub folder: PathBuf,
}

/// A hint of an exercise.
#[derive(Debug)]
pub struct Hint {
    /// What comes after `Hint` in its summary: its number, and the checks that it helps with.
    pub summary: String,
    /// These checks.
    pub checks: Vec<String>,
    /// The hint itself; empty if it is not folded correctly.
    pub text: String,
}

/// The crates that an answer may use. Each topic with exercises has them as development dependencies.
pub const CRATES: [&str; 5] = ["async-channel", "futures", "tokio", "tokio-stream", "tokio-util"];

/// The files of an exercise's checks: the checks, the types that an answer gets, and what the checks play.
pub const CHECKS: [&str; 3] = ["check.rs", "given.rs", "scenes.rs"];

/// How far the reader has come with one exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The answer is still the shipped file.
    NotStarted,
    /// The answer was edited, and has not passed since.
    Begun,
    /// The answer passed as it is now.
    Solved,
}

impl Course {
    /// Looks for the workspace in the current folder and its parents.
    pub fn find() -> Told<Self> {
        let here = env::current_dir().map_err(|error| format!("The current folder cannot be read: {error}."))?;
        let is_root = |folder: &&Path| read(&folder.join("Cargo.toml")).is_ok_and(|text| text.contains("[workspace]"));
        let root = here.ancestors().find(is_root);
        let root = root.ok_or("This is not inside the workbook: there is no workspace here or above.")?;
        Self::read(root)
    }

    fn read(root: &Path) -> Told<Self> {
        let crates = root.join("crates");
        let folders = fs::read_dir(&crates).map_err(|error| format!("{}: {error}.", crates.display()))?;
        let mut topics: Vec<_> = folders.flatten().filter_map(|folder| Topic::read(folder.path())).collect();
        if topics.is_empty() {
            return Err(format!("This is not the workbook: {} has no exercises.", crates.display()));
        }
        let readme = read(&root.join("README.md")).unwrap_or_default();
        // The topics have the order of the README's table; the others come last.
        topics.sort_by_key(|topic| {
            let row = format!("| [{0}](crates/{0}/README.md)", topic.name);
            (readme.find(&row).unwrap_or(usize::MAX), topic.name.clone())
        });
        Ok(Self { root: root.to_owned(), topics })
    }

    /// All exercises, in learning order.
    pub fn exercises(&self) -> impl Iterator<Item = &Exercise> {
        self.topics.iter().flat_map(|topic| &topic.exercises)
    }

    /// The topics with this name, or all topics.
    pub fn topics(&self, name: Option<&str>) -> Told<Vec<&Topic>> {
        let wanted = |topic: &&Topic| name.is_none_or(|name| topic.name == name);
        let found: Vec<_> = self.topics.iter().filter(wanted).collect();
        match name {
            // A topic without exercises is not in the list, but it exists.
            Some(name) if found.is_empty() && !self.root.join("crates").join(name).is_dir() => {
                let topics: Vec<_> = self.topics.iter().map(|topic| topic.name.as_str()).collect();
                Err(format!("There is no topic `{name}`. There are: {}.", topics.join(", ")))
            }
            _ => Ok(found),
        }
    }

    /// The exercise with this name or in this folder. For the name of a topic, the next exercise to do.
    pub fn exercise(&self, which: &str) -> Told<&Exercise> {
        let path = which.replace('\\', "/");
        let name = path.trim_start_matches("./").trim_end_matches('/').trim_end_matches("/answer.rs");
        let id = name.split_once("crates/").and_then(|(_, path)| path.split_once("/exercises/"));
        let id = id.map(|(topic, exercise)| format!("{topic}/{exercise}"));
        let which = id.as_deref().or(name.strip_prefix("crates/")).unwrap_or(name);
        if let Some(topic) = self.topics.iter().find(|topic| topic.name == which) {
            let progress = Progress::load(&self.root);
            let open = topic.exercises.iter().find(|exercise| exercise.state(&progress) != State::Solved);
            return open.or(topic.exercises.first()).ok_or_else(|| format!("The topic {which} has no exercises."));
        }
        let matching: Vec<_> =
            self.exercises().filter(|exercise| exercise.id() == which || exercise.name == which).collect();
        match matching.as_slice() {
            [exercise] => Ok(exercise),
            [] => {
                let ids: Vec<_> = self.exercises().map(Exercise::id).collect();
                let topic = format!("{}/", which.split('/').next().unwrap_or_default());
                let of_topic: Vec<_> = ids.iter().filter(|id| id.starts_with(&topic)).cloned().collect();
                let names = self.exercises().flat_map(|exercise| [exercise.topic.as_str(), exercise.name.as_str()]);
                let names: Vec<_> = names.chain(ids.iter().map(String::as_str)).collect();
                let near = match get_close_matches(which, &names, 1, 0.6).as_slice() {
                    [near] if near.contains('/') || of_topic.is_empty() => format!("did you mean {near}?"),
                    _ if !of_topic.is_empty() => format!("this topic has {}.", of_topic.join(", ")),
                    _ => "`cargo workbook` lists them all.".to_owned(),
                };
                Err(format!("There is no exercise `{which}`: {near}"))
            }
            several => {
                let several: Vec<_> = several.iter().map(|exercise| exercise.id()).collect();
                Err(format!("There are several of this name: {}.", several.join(", ")))
            }
        }
    }

    /// The same, but for the name of a topic its last solved exercise, if there is one.
    pub fn solved_exercise(&self, which: &str) -> Told<&Exercise> {
        let progress = Progress::load(&self.root);
        let of_topic = self.exercises().filter(|exercise| exercise.topic == which);
        let solved = of_topic.filter(|exercise| exercise.state(&progress) == State::Solved).last();
        solved.map_or_else(|| self.exercise(which), Ok)
    }

    /// The first exercise that is not solved: in the topic of the exercise that was solved last, or else in a later topic, or else in the whole course.
    pub fn next(&self, progress: &Progress) -> Option<&Exercise> {
        let here = progress.solved_last().and_then(|id| id.split_once('/')).map(|(topic, _)| topic);
        let from_here = self.exercises().skip_while(|exercise| Some(exercise.topic.as_str()) != here);
        from_here.chain(self.exercises()).find(|exercise| exercise.state(progress) != State::Solved)
    }

    /// The name of the next exercise, to use in an example.
    pub fn next_id(&self) -> String {
        let next = self.next(&Progress::load(&self.root)).or(self.exercises().next());
        next.map_or_else(String::new, Exercise::id)
    }

    /// A path as readers see it: from the root of the workspace.
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string().replace('\\', "/")
    }
}

impl Topic {
    /// The topic in this folder, if it has exercises.
    fn read(folder: PathBuf) -> Option<Self> {
        let manifest = read(&folder.join("Cargo.toml")).ok()?;
        let name = folder.file_name()?.to_str()?.to_owned();
        let paths =
            manifest.lines().filter_map(|line| line.strip_prefix("path = \"exercises/")?.strip_suffix("/check.rs\""));
        let exercises: Vec<_> = paths
            .map(|exercise| Exercise {
                topic: name.clone(),
                name: exercise.to_owned(),
                folder: folder.join("exercises").join(exercise),
            })
            .collect();
        (!exercises.is_empty()).then_some(Self { name, folder, exercises })
    }

    /// The lines of its manifest for the crates that answers may use.
    pub fn crates(&self) -> Told<Vec<String>> {
        let manifest = read(&self.folder.join("Cargo.toml"))?;
        let dependencies = manifest.split("\n[dev-dependencies]\n").nth(1).unwrap_or_default();
        let lines = dependencies.lines().take_while(|line| !line.starts_with('['));
        let is_one = |line: &&str| CRATES.contains(&line.split(['.', ' ']).next().unwrap_or_default());
        Ok(lines.filter(is_one).map(str::to_owned).collect())
    }
}

impl Exercise {
    /// `gather/two_stages`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.topic, self.name)
    }

    /// One of its files.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The text of one of its files.
    pub fn text(&self, name: &str) -> Told<String> {
        read(&self.file(name))
    }

    /// The files of its checks, each with its text.
    pub fn checks(&self) -> Told<Vec<(&'static str, String)>> {
        let there = CHECKS.into_iter().filter(|file| self.file(file).exists());
        there.map(|file| Ok((file, self.text(file)?))).collect()
    }

    /// The crates that its answer may use: those of all exercises, and those that a hint calls and its topic has.
    pub fn crates(&self) -> Told<Vec<String>> {
        let readme = self.text("README.md")?;
        let manifest = read(&self.folder.join("../../Cargo.toml"))?;
        let names = manifest.lines().filter_map(|line| line.split_once([' ', '.'])).map(|(name, _)| name);
        let called = names.filter(|name| readme.contains(&format!("`{}::", name.replace('-', "_"))));
        let mut crates: Vec<_> = CRATES.into_iter().chain(called).map(str::to_owned).collect();
        crates.sort();
        crates.dedup();
        Ok(crates)
    }

    /// How far the reader has come with it.
    pub fn state(&self, progress: &Progress) -> State {
        let (answer, start) = (self.text("answer.rs"), self.text("start.rs"));
        match answer {
            Ok(answer) if start.is_ok_and(|start| start == answer) => State::NotStarted,
            Ok(answer) if progress.solved(&self.id()) == Some(hash(&answer).as_str()) => State::Solved,
            _ => State::Begun,
        }
    }

    /// The public items as shipped, without bodies: a function, or a type with its methods.
    pub fn signatures(&self) -> Told<String> {
        Ok(signatures_of(&self.text("start.rs")?))
    }

    /// The part of README.md before the first hint.
    pub fn task(&self) -> Told<String> {
        let readme = self.text("README.md")?;
        Ok(readme.split(HINT).next().unwrap_or_default().trim().to_owned())
    }

    /// The line of README.md that says how hard it is: `Level 1 of 3, about 5 minutes.`
    pub fn level(&self) -> Option<String> {
        let readme = self.text("README.md").ok()?;
        Some(readme.lines().find(|line| line.starts_with("Level "))?.trim_end_matches('.').to_owned())
    }

    /// The hints of README.md, in order, without the folding.
    pub fn hints(&self) -> Told<Vec<Hint>> {
        let readme = self.text("README.md")?;
        let hint = |hint: &str| {
            let (summary, rest) = hint.split_once("</summary>\n").unwrap_or_default();
            let text = rest.split_once("\n</details>").unwrap_or_default().0.trim().to_owned();
            let checks = summary.split('"').skip(1).step_by(2).map(str::to_owned).collect();
            Hint { summary: summary.to_owned(), checks, text }
        };
        Ok(readme.split(HINT).skip(1).map(hint).collect())
    }
}

/// The public items of a text formatted by rustfmt, without their bodies.
fn signatures_of(text: &str) -> String {
    let mut goes_on = false;
    let lines = text.lines().filter_map(|line| {
        let code = line.trim_start();
        let is_shown = goes_on || ["pub ", "impl", "#[derive"].iter().any(|word| code.starts_with(word));
        goes_on = is_shown && !code.ends_with(['{', '}', ']', ';']);
        is_shown.then(|| line.trim_end_matches(['{', '}']).trim_end())
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{CRATES, Course, signatures_of};

    #[test]
    fn topics_have_the_order_of_the_readmes_table() {
        let course = Course::read(Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()).unwrap();
        let names: Vec<_> = course.topics.iter().map(|topic| topic.name.as_str()).collect();
        assert_eq!(names[..4], ["sync-vs-async", "lazy-futures", "event-loop", "gather"]);
        assert_eq!(names.last(), Some(&"testing"));
    }

    #[test]
    fn a_page_names_each_crate_that_an_answer_may_use() {
        let page = include_str!("../../../docs/src/how-to-use.md");
        let course = Course::read(Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()).unwrap();
        let mut more = Vec::new();
        for exercise in course.exercises() {
            for name in exercise.crates().unwrap() {
                if !CRATES.contains(&name.as_str()) {
                    more.push(format!("{}: {name}", exercise.id()));
                }
                let sentence = page.lines().find(|line| line.contains(&format!("`{name}`"))).unwrap_or_default();
                assert!(CRATES.contains(&name.as_str()) || sentence.contains(&exercise.id()), "{more:?}");
            }
        }
        assert!(more.contains(&"streams/pages: async-stream".to_owned()), "{more:?}");
        assert!(CRATES.iter().all(|name| page.contains(&format!("`{name}`"))));
    }

    #[test]
    fn a_type_is_shown_with_the_signatures_of_its_methods() {
        let start = "use exam::Service;\n\n/// A pool.\n#[derive(Clone)]\npub struct Pool {}\n\nimpl Pool {\n    /// A new one.\n    \
            pub fn new(most: usize) -> Self {\n        Self {}\n    }\n\n    /// Lends.\n    pub async fn lend(\n        &self,\n        \
            who: &str,\n    ) -> Result<Lent, Refused> {\n        todo!()\n    }\n}\n";
        let shown = "#[derive(Clone)]\npub struct Pool\nimpl Pool\n    pub fn new(most: usize) -> Self\n    \
            pub async fn lend(\n        &self,\n        who: &str,\n    ) -> Result<Lent, Refused>";
        assert_eq!(signatures_of(start), shown);
        let function = "/// Asks.\npub async fn ask<T>(one: T) -> u32\nwhere\n    T: Send,\n{\n    todo!()\n}\n";
        assert_eq!(signatures_of(function), "pub async fn ask<T>(one: T) -> u32\nwhere\n    T: Send,\n");
    }
}
