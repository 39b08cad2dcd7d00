//! The committed list of the files that a reader does not edit: `crates/TOPIC/exercises/seal.txt`.

use std::process::ExitCode;

use crate::course::{CHECKS, Course, Exercise, Topic};
use crate::files::{hash, read, replace};
use crate::{Told, say};

/// The files that are sealed, if an exercise has them.
fn sealed() -> impl Iterator<Item = &'static str> {
    CHECKS.into_iter().chain(["solution.rs", "start.rs"])
}

/// Writes the lists again.
pub fn write(course: &Course, topic: Option<&str>) -> Told<ExitCode> {
    for topic in course.topics(topic)? {
        let file = topic.folder.join("exercises").join("seal.txt");
        replace(&file, &list(topic)?)?;
        say(course.shown(&file));
    }
    Ok(ExitCode::SUCCESS)
}

/// The list as it should be.
pub fn list(topic: &Topic) -> Told<String> {
    let mut lines = Vec::new();
    for exercise in &topic.exercises {
        for file in sealed().filter(|file| exercise.file(file).exists()) {
            lines.push(line(exercise, file, &exercise.text(file)?) + "\n");
        }
    }
    lines.sort_by(|a, b| a[16..].cmp(&b[16..]));
    Ok(lines.concat())
}

/// The line for a file with this text.
fn line(exercise: &Exercise, file: &str, text: &str) -> String {
    format!("{} {}/{file}", hash(text), exercise.name)
}

/// The sealed files of an exercise that differ from what was shipped.
pub(crate) fn broken(course: &Course, exercise: &Exercise) -> Vec<String> {
    let list = exercise.folder.parent().map(|folder| read(&folder.join("seal.txt")).unwrap_or_default());
    let list = list.unwrap_or_default();
    let intact = |file: &&str| {
        let sealed = list.lines().find(|line| line.ends_with(&format!(" {}/{file}", exercise.name)));
        sealed == exercise.text(file).ok().map(|text| line(exercise, file, &text)).as_deref()
    };
    let broken = sealed().filter(|file| !intact(file));
    broken.map(|file| course.shown(&exercise.file(file))).collect()
}

/// The message about them: kind, and with the command that restores them.
pub(crate) fn words(files: &[String]) -> String {
    let files = files.join(" ");
    format!(
        "Files that belong to the exercise were edited: {files}\n\n\
         A verdict would mean nothing now, so there is none. You are welcome to read the checks, but your answer belongs in answer.rs.\n\n\
         To restore them: git restore {files}\n\
         If you changed it on purpose, as a maintainer: cargo workbook seal"
    )
}
