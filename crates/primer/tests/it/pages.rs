//! The pages: every block is compiled or run, every link leads somewhere, every claim is a test.
//!
//! A link into a crate's `tests/it` is a claim: its words are the name of a test in that file.
//! Write `[dropping a join handle detaches the task](claim)`, and let this find the file:
//!
//! ```sh
//! RECORD=1 cargo test -p primer --test it claims_lead_to_their_tests
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use room::{RECORD, code_blocks, is_test};

/// The pages of `docs/src` that this crate proves.
pub(crate) const PAGES: [&str; 10] = [
    "the-rust-you-need",
    "before-you-start",
    "compile-errors",
    "spawn-errors",
    "which-one",
    "messages",
    "questions",
    "own-project",
    "glossary",
    "dictionary",
];

pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn path(page: &str) -> PathBuf {
    workspace().join(format!("docs/src/{page}.md"))
}

/// The text of a page of `docs/src`.
pub(crate) fn page(name: &str) -> String {
    read(&path(name))
}

fn read(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.replace("\r\n", "\n")
}

/// The words and the target of every link.
fn links(page: &str) -> Vec<(&str, &str)> {
    let mut links = Vec::new();
    for (index, _) in page.match_indices("](") {
        // Brackets in the words would need more than this.
        let words = page[..index].rsplit('[').next().unwrap_or_default();
        let target = page[index + 2..].split(')').next().unwrap_or_default();
        links.push((words, target));
    }
    links
}

/// A page without its fenced blocks.
pub(crate) fn prose(page: &str) -> String {
    page.split("\n```").step_by(2).collect::<Vec<_>>().join("\n")
}

/// The name of the test that a claim means: "An asyncio task's end" is `an_asyncio_tasks_end`.
fn test_name(claim: &str) -> String {
    let spaced: String = claim
        .chars()
        .filter(|letter| *letter != '\'')
        .map(|letter| if letter.is_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join("_")
}

fn is_claim(target: &str) -> bool {
    target == "claim" || target.contains("/tests/it")
}

/// The files of all tests, by their paths from `docs/src`.
fn test_files() -> Vec<(String, String)> {
    fn collect(folder: &Path, name: &str, files: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = format!("{name}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                collect(&entry.path(), &name, files);
            } else if entry.path().extension().is_some_and(|ending| ending == "rs") {
                files.push((name, read(&entry.path())));
            }
        }
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(workspace().join("crates")).unwrap().flatten() {
        let name = format!("../../crates/{}/tests/it", entry.file_name().to_string_lossy());
        collect(&entry.path().join("tests/it"), &name, &mut files);
    }
    files
}

#[test]
fn claims_lead_to_their_tests() {
    let tests = test_files();
    let mut missing = Vec::new();
    for name in PAGES {
        let text = page(name);
        let mut corrected = text.clone();
        for (claim, target) in links(&prose(&text)).into_iter().filter(|(_, target)| is_claim(target)) {
            let wanted = test_name(claim);
            let mut files = tests.iter().filter(|(_, source)| is_test(source, &wanted)).map(|(file, _)| file);
            match files.next() {
                _ if tests.iter().any(|(file, source)| file == target && is_test(source, &wanted)) => {}
                Some(file) if std::env::var_os(RECORD).is_some() => {
                    corrected = corrected.replace(&format!("[{claim}]({target})"), &format!("[{claim}]({file})"));
                }
                Some(file) => missing.push(format!("{name}: {wanted} is in {file}: RECORD=1 corrects the link")),
                None => missing.push(format!("{name}: no test is called {wanted}")),
            }
        }
        if corrected != text {
            fs::write(path(name), corrected).unwrap();
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn links_lead_somewhere() {
    for name in PAGES {
        let text = prose(&page(name));
        for (words, target) in links(&text) {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            if file.contains("://") {
                continue;
            }
            let file = if file.is_empty() { path(name) } else { workspace().join("docs/src").join(file) };
            assert!(file.exists(), "{name}: a link to nowhere: [{words}]({target})");
            assert!(heading.is_empty() || has_heading(&read(&file), heading), "{name}: no heading for {target}");
        }
    }
}

/// Whether a page has a heading that GitHub and mdBook give this name in a link.
fn has_heading(page: &str, name: &str) -> bool {
    page.lines().filter(|line| line.starts_with('#')).any(|heading| slug(heading) == name)
}

/// The name of a heading in a link.
fn slug(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = kept.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.collect::<String>().replace(' ', "-")
}

#[test]
fn each_compile_error_of_the_pages_has_a_row_in_the_messages_with_its_words() {
    let messages = page("messages");
    for name in ["compile-errors", "spawn-errors"] {
        for section in page(name).split("\n## ").skip(1).filter(|section| section.starts_with(char::is_numeric)) {
            let target = format!("]({name}.md#{})", slug(section.lines().next().unwrap_or_default()));
            let row = messages.lines().find(|line| line.starts_with("| ") && line.contains(&target));
            let row = row.unwrap_or_else(|| panic!("the messages have no row with {target}"));
            let words = quotes(row.split(" | ").next().unwrap_or_default());
            let shown = section.split("```text\n").skip(1).filter(|words| words.starts_with("error"));
            for error in shown.map(|error| error.split("```").next().unwrap_or_default()) {
                assert!(words.iter().any(|words| error.contains(words)), "{target}: none of {words:?} is in\n{error}");
            }
        }
    }
}

/// The code spans of a text. A span with a grave accent inside has two of them around it.
pub(crate) fn quotes(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for (number, part) in text.split("``").enumerate() {
        if number % 2 == 1 { words.push(part.trim()) } else { words.extend(part.split('`').skip(1).step_by(2)) }
    }
    words
}

#[test]
fn every_block_is_compiled_or_run() {
    for name in PAGES {
        let text = page(name);
        let blocks = code_blocks(&text);
        for (index, (language, code)) in blocks.iter().enumerate() {
            match *language {
                "python" => {
                    room::run_python(code);
                }
                "sh" | "toml" => {}
                // Which words they are is checked by rustc_words.rs.
                "text" => assert!(index > 0 && blocks[index - 1].0.contains("compile_fail"), "who printed it?\n{code}"),
                rust if rust.starts_with("rust") => {
                    assert!(!rust.contains("ignore"), "{name}: nobody compiles this:\n{code}");
                    assert!(!code.lines().any(|line| line.starts_with("# ")), "GitHub shows hidden lines:\n{code}");
                }
                other => panic!("{name}: a block in an unknown language, {other:?}"),
            }
        }
    }
}

#[test]
fn the_words_of_a_claim_are_the_name_of_its_test() {
    assert_eq!(test_name("`tokio::main` makes a caller's runtime, too"), "tokio_main_makes_a_callers_runtime_too");
}

#[test]
fn the_glossary_is_in_the_order_of_the_alphabet() {
    let page = page("glossary");
    // Word by word, so that "Back-off" stands before "Backend".
    let key = |word: &str| word.to_lowercase().replace('-', " ").replace(['`', '\''], "");
    let words: Vec<_> = page.lines().filter_map(|line| line.strip_prefix("### ")).map(key).collect();
    assert!(words.len() > 50 && words.is_sorted(), "{words:?}");
}
