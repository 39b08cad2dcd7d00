//! The code that a player shows before anything has happened: the subject of the story, without the story around it.

use crate::source::{Workspace, language, read};
use crate::{Anything, timelines::quoted};

/// The line of a chapter that names its patterns: for each recording a file, and a function in it.
///
/// `<!-- pattern: story src/lib.rs every_result, twin twin.py every_result, twin-naive twin.py Naive.every_result -->`
const LINE: &str = "<!-- pattern: ";

/// The patterns of a topic, as a JSON object with the names of its recordings as keys.
pub(crate) fn patterns(workspace: &Workspace, topic: &str) -> Anything<String> {
    let folder = format!("crates/{topic}");
    let chapter = read(&workspace.root.join(&folder).join("README.md"))?;
    let line = line_of(&chapter);
    let mut found = Vec::new();
    for show in ["story", "naive", "twin", "twin-naive"] {
        let recorded = workspace.root.join(format!("{folder}/recorded/{show}.json")).is_file();
        if recorded && !line.split(", ").any(|words| words.split(' ').next() == Some(show)) {
            return Err(format!("{folder}/README.md: no pattern for the recording {show}").into());
        }
    }
    for words in line.split(", ").filter(|words| !words.is_empty()) {
        let wrong = |why: &str| format!("{folder}/README.md: the pattern `{words}` {why}");
        let [show, file, function] = words.split(' ').collect::<Vec<_>>()[..] else {
            return Err(wrong("is not a recording, a file and a function").into());
        };
        let name = format!("{folder}/{file}");
        let (line, text) =
            function_in(&read(&workspace.root.join(&name))?, function).ok_or_else(|| wrong("is not there"))?;
        let (text, page) = (quoted(&text)?, quoted(&workspace.page(&name)?)?);
        let language = language(&name);
        found.push(format!(
            r#""{show}":{{"language":"{language}","page":{page},"text":{text},"line":{line},"file":"{name}"}}"#
        ));
    }
    Ok(format!("{{{}}}", found.join(",")))
}

/// What stands in the [`LINE`] of a chapter.
fn line_of(chapter: &str) -> &str {
    chapter.lines().find_map(|line| line.strip_prefix(LINE)?.strip_suffix(" -->")).unwrap_or_default()
}

/// A function of a file, or of a class of it (`Pool.acquire`), without the code around it: the number of its first line, and its lines.
fn function_in(source: &str, function: &str) -> Option<(usize, String)> {
    let lines: Vec<_> = source.lines().collect();
    let (class, function) = function.split_once('.').unwrap_or(("", function));
    let of_class = |line: &&str| {
        line.strip_prefix("class ")
            .and_then(|line| line.strip_prefix(class))
            .is_some_and(|rest| rest.starts_with(['(', ':']))
    };
    let above = if class.is_empty() { 0 } else { lines.iter().position(of_class)? };
    let begins = |line: &str| {
        ["fn ", "def "].iter().any(|word| {
            let name = line.split_once(word).and_then(|(_, rest)| rest.strip_prefix(function));
            name.is_some_and(|rest| rest.starts_with(['(', '<']))
        })
    };
    let first = above + lines[above..].iter().position(|line| begins(line))?;
    let indent = &lines[first][..lines[first].len() - lines[first].trim_start().len()];
    let closing = format!("{indent}}}");
    let rest = &lines[first + 1..];
    // In Rust, a brace ends the function. In Python, it ends before the next line with the same indentation.
    let deeper = |line: &str| line.strip_prefix(indent).is_some_and(|line| line.starts_with([' ', ')']));
    let braces = lines[first].contains("fn ");
    let length = match rest.iter().position(|line| braces && **line == closing) {
        Some(end) => end + 1,
        None => rest.iter().take_while(|line| line.is_empty() || deeper(line)).count(),
    };
    let own = lines[first..first + 1 + length].iter().map(|line| line.strip_prefix(indent).unwrap_or_default());
    Some((first + 1, own.collect::<Vec<_>>().join("\n").trim_end().to_owned()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::{function_in, line_of, patterns};
    use crate::source::Workspace;

    /// The workspace, and the folders of its topics.
    fn topics() -> (Workspace, Vec<PathBuf>) {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
        let workspace = Workspace::open(&docs).unwrap();
        let crates = fs::read_dir(workspace.root.join("crates")).unwrap().map(|folder| folder.unwrap().path());
        let topics: Vec<_> = crates.filter(|folder| folder.join("recorded/story.json").is_file()).collect();
        assert!(topics.len() >= 30);
        (workspace, topics)
    }

    #[test]
    fn each_recording_of_a_topic_has_its_pattern() {
        let (workspace, topics) = topics();
        for topic in topics {
            patterns(&workspace, topic.file_name().unwrap().to_str().unwrap()).unwrap();
        }
    }

    #[test]
    fn the_naive_pattern_is_a_function_that_the_naive_story_calls() {
        let mut seen = 0;
        for topic in topics().1 {
            let chapter = fs::read_to_string(topic.join("README.md")).unwrap();
            let Some(naive) = line_of(&chapter).split(", ").find_map(|words| words.strip_prefix("naive ")) else {
                continue;
            };
            let (file, name) = naive.split_once(' ').unwrap();
            let file = file.strip_prefix("src/").unwrap();
            // The story calls it, or another function of its file does.
            let calls = ["main.rs", file].iter().any(|file| {
                let source = fs::read_to_string(topic.join("src").join(file)).unwrap();
                let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
                let mut words = code.flat_map(|line| {
                    let line = line.replace(&format!("fn {name}"), "").replace(&format!("crate::{name}"), "");
                    line.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
                        .map(str::to_owned)
                        .collect::<Vec<_>>()
                });
                words.any(|word| word == name)
            });
            assert!(calls, "{}: {file} {name}", topic.display());
            seen += 1;
        }
        assert!(seen >= 25, "{seen}");
    }

    #[test]
    fn a_function_of_rust_ends_at_its_brace() {
        let source = "fn first() {}\n\nimpl Pool {\n    pub async fn run<F>(\n        work: F,\n    ) {\n        work.await;\n    }\n\n    fn next() {\n    }\n}\n";
        let expected = "pub async fn run<F>(\n    work: F,\n) {\n    work.await;\n}";
        assert_eq!(function_in(source, "run"), Some((4, expected.to_owned())));
        assert_eq!(function_in(source, "ru"), None);
    }

    #[test]
    fn a_function_of_python_ends_before_the_next_line_with_its_indentation() {
        let source = "import asyncio\n\nasync def ask(\n    name,\n):\n    await name\n\n    return 1\n\n\nclass Next:\n    def last(self):\n        pass\n\nALL = {\n}\n";
        let expected = "async def ask(\n    name,\n):\n    await name\n\n    return 1";
        assert_eq!(function_in(source, "ask"), Some((3, expected.to_owned())));
        assert_eq!(function_in(source, "last"), Some((12, "def last(self):\n    pass".to_owned())));
    }

    #[test]
    fn a_function_of_a_class_is_found_by_both_names() {
        let source = "class Pool:\n    def take(self):\n        right()\n\n\nclass NaivePool(Pool):\n    def take(self):\n        wrong()\n";
        let naive = "def take(self):\n    wrong()".to_owned();
        assert_eq!(function_in(source, "NaivePool.take"), Some((7, naive)));
        assert_eq!(function_in(source, "take").unwrap().0, 2);
        assert_eq!(function_in(source, "Naive.take"), None);
    }
}
