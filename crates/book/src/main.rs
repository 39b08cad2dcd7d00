//! The book's mdBook preprocessor. `just book` runs `mdbook build docs`, and that runs this program.
//!
//! Prose stays in one place, each topic's README. This program turns it into a chapter:
//!
//! - a draft chapter of `docs/src/SUMMARY.md`, `[Ask many, wait once (gather)]()`, gets the content of `crates/gather/README.md`;
//! - a picture of a recording becomes a player; without JavaScript, the picture itself is shown;
//! - links into the workspace become links to chapters, or to generated pages of source;
//! - the names of tests, of files and of the topic's functions lead to them;
//! - each part gets a page that can be printed;
//! - the questions (`**Predict first.**`) are checked, and can be answered.
//!
//! mdBook's [protocol](https://rust-lang.github.io/mdBook/for_developers/preprocessors.html) is JSON from standard input to standard output.

mod chapter;
mod pattern;
mod print;
mod source;
mod timelines;

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tinyjson::JsonValue;

use crate::chapter::Chapter;
use crate::source::Workspace;

type Anything<T> = Result<T, Box<dyn Error>>;
type Fields = HashMap<String, JsonValue>;

fn main() -> ExitCode {
    // mdBook first asks with `book supports html` whether to use this program. The answer is always yes.
    if std::env::args().nth(1).as_deref() == Some("supports") {
        return ExitCode::SUCCESS;
    }
    let preprocessed = io::read_to_string(io::stdin()).map_err(Into::into);
    let Err(error) = preprocessed.and_then(|input| preprocess(&input, &mut io::stdout())) else {
        return ExitCode::SUCCESS;
    };
    // Not a panic, because the author of a chapter reads this sentence.
    let _ = writeln!(io::stderr(), "book: {error}");
    ExitCode::FAILURE
}

fn preprocess(input: &str, output: &mut impl Write) -> Anything<()> {
    if depth(input) > MOST_DEPTH {
        return Err(format!("the book's JSON is nested more than {MOST_DEPTH} deep").into());
    }
    let mut input: JsonValue = input.parse()?;
    let [context, book] = input.get_mut::<Vec<JsonValue>>().map_or(&mut [][..], |both| &mut both[..]) else {
        return Err("mdBook sends [context, book], but this is something else".into());
    };
    let root = context.get::<Fields>().and_then(|context| text(context, "root"));
    let docs = PathBuf::from(root.ok_or("mdBook did not say where the book is")?);
    let workspace = Workspace::open(&docs)?;
    let items = book.get_mut::<Fields>().and_then(|book| book.get_mut("items"));
    let items = items.ok_or("mdBook sent no items")?;
    each_chapter(items, "", &mut |chapter, parent| {
        let title = text(chapter, "name").unwrap_or_default();
        let name = folder_of(&title);
        let (readme, file) = if text(chapter, "path").is_some() {
            (text(chapter, "content").unwrap_or_default(), docs.join("src/SUMMARY.md"))
        } else {
            let (file, page) =
                draft(&workspace, name, parent).ok_or_else(|| format!("there is no README for the chapter {name}"))?;
            chapter.insert("path".to_owned(), page.into());
            (source::read(&file)?, file)
        };
        let finished = Chapter::new(&workspace, &file)?.rewrite(&readme).map_err(|error| format!("{name}: {error}"))?;
        chapter.insert("content".to_owned(), finished.into());
        Ok(())
    })?;
    print::parts(&workspace, items)?;
    workspace.write_pages()?;
    book.write_to(output)?;
    Ok(())
}

/// How deep JSON may be nested: the parser calls itself for each level.
const MOST_DEPTH: usize = 200;

/// How deep JSON is nested, at most.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            b'"' if !escaped => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        escaped = quoted && byte == b'\\' && !escaped;
        deepest = deepest.max(depth);
    }
    deepest
}

/// The file of a draft chapter, and its page. `gather` is a topic's README, `two_stages` below it an exercise's README, `architecture` a page for contributors.
fn draft(workspace: &Workspace, name: &str, parent: &str) -> Option<(PathBuf, String)> {
    let page = format!("{}.md", name.to_uppercase());
    let plain = |file| (file, format!("{name}.md"));
    let files = [
        (format!("crates/{parent}/exercises/{name}/README.md"), chapter::exercise_page(parent, name)),
        plain(format!("crates/{name}/README.md")),
        plain(format!("docs/{page}")),
        plain(page),
    ];
    files.map(|(file, page)| (workspace.root.join(file), page)).into_iter().find(|(path, _)| path.is_file())
}

/// Calls `change` for every chapter, at every depth, with the name of the chapter above it. Separators and titles of parts are also items.
fn each_chapter(
    items: &mut JsonValue,
    parent: &str,
    change: &mut impl FnMut(&mut Fields, &str) -> Anything<()>,
) -> Anything<()> {
    for item in items.get_mut::<Vec<JsonValue>>().into_iter().flatten() {
        let chapter = item.get_mut::<Fields>().and_then(|item| item.get_mut("Chapter"));
        if let Some(chapter) = chapter.and_then(JsonValue::get_mut::<Fields>) {
            change(chapter, parent)?;
            let name = folder_of(&text(chapter, "name").unwrap_or_default()).to_owned();
            chapter.get_mut("sub_items").map_or(Ok(()), |items| each_chapter(items, &name, change))?;
        }
    }
    Ok(())
}

/// The name of a draft chapter in the workspace: the text in parentheses, as in `Ask many, wait once (gather)`, or the whole title.
fn folder_of(title: &str) -> &str {
    title.strip_suffix(')').and_then(|title| title.rsplit_once(" (")).map_or(title, |(_, name)| name)
}

fn text(of: &Fields, key: &str) -> Option<String> {
    of.get(key)?.get().cloned()
}

/// The names of all files in a folder and its subfolders, with forward slashes, in order.
fn files_below(folder: &Path) -> BTreeMap<String, PathBuf> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let (name, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
        if path.is_dir() {
            files.extend(files_below(&path).into_iter().map(|(below, path)| (format!("{name}/{below}"), path)));
        } else {
            files.insert(name, path);
        }
    }
    files
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

    use super::*;

    #[test]
    fn odd_input_is_refused_with_a_sentence() {
        let refused = |input: &str| preprocess(input, &mut Vec::new()).unwrap_err().to_string();
        assert_eq!(refused("[{},{}]"), "mdBook did not say where the book is");
        assert_eq!(refused("[1,2]"), "mdBook did not say where the book is");
        assert_eq!(refused("{}"), "mdBook sends [context, book], but this is something else");
        assert_eq!(refused(r#"[{"root":"../../docs"},{}]"#), "mdBook sent no items");
        assert_eq!(refused(&"[".repeat(1_000_000)), "the book's JSON is nested more than 200 deep");
        assert!(!refused("").is_empty());
    }

    #[test]
    fn brackets_in_text_are_not_nested() {
        assert_eq!(depth(r#"[{"a[[[": "\"[["}, [3]]"#), 2);
    }
}
