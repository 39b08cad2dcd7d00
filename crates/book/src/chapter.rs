//! Makes a chapter of a README.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::source::{Workspace, escaped, language, read};
use crate::{Anything, files_below, timelines};

/// How a question begins. It ends with its answers, which are folded.
const QUESTION: &str = "**Predict first.**";

/// The characters before and after the answers to a question: the invisible separator.
const ANSWERS: char = '\u{2063}';

/// The link before the names of the tests that prove a claim, for readers on GitHub. In the book, each name is a link.
const PROOF: &str = "[Proof](tests/it/claims)";
/// The space does not break, so that no tick stands alone in a line.
const PROOFS: &str = "Proof:\u{a0}";

/// The script that makes a cover of a player.
const COVER: &str = "player/cover.js";

/// A chapter on its way from a README into the book.
pub(crate) struct Chapter<'a> {
    workspace: &'a Workspace,
    folder: PathBuf,
    /// The link for a name of a test, a file or a function.
    names: BTreeMap<String, String>,
    /// For an exercise, the text before its hints.
    task: String,
    last_words: String,
}

impl<'a> Chapter<'a> {
    /// The chapter that this file becomes.
    pub(crate) fn new(workspace: &'a Workspace, path: &Path) -> Anything<Self> {
        let folder = path.parent().unwrap_or(path).to_owned();
        let name = workspace.name_of(path).unwrap_or_default();
        let (names, task, last_words) = match name.split('/').collect::<Vec<_>>()[..] {
            ["crates", topic, "README.md"] => (names_of(workspace, &folder, topic)?, String::new(), room(topic)),
            ["crates", topic, "exercises", name, _] => {
                (given(workspace, topic, name)?, self::task(&folder, topic, name)?, String::new())
            }
            _ => Default::default(),
        };
        Ok(Self { workspace, folder, names, task, last_words })
    }

    /// The chapter's text.
    pub(crate) fn rewrite(&self, readme: &str) -> Anything<String> {
        let mut text = String::new();
        let (mut fenced, mut asked, mut side, mut task) = (false, false, "", &*self.task);
        let mut paragraph = String::new();
        for line in readme.lines() {
            let fence = line.starts_with("```");
            fenced ^= fence;
            if !fenced && line.starts_with(QUESTION) {
                text.push_str("<predict-first>\n\n");
                asked = true;
            }
            if line == "<details>" {
                text += std::mem::take(&mut task);
            }
            if let Some(heading) = line.strip_prefix("## ").filter(|_| !fenced) {
                // If there is room, both halves of the comparison stand side by side: see player.css.
                let (before, next) = match heading {
                    "In asyncio" => ("<div class=\"side-by-side\">\n<div>\n\n", "</div>\n"),
                    "In Tokio" if !side.is_empty() => ("</div>\n<div>\n\n", "</div>\n</div>\n\n"),
                    _ => (side, ""),
                };
                text.push_str(before);
                side = next;
            }
            text += &match line {
                "```rs" => "```rust".to_owned(),
                _ if fence || fenced => line.to_owned(),
                _ => self.line(line, &paragraph, &text)?,
            };
            paragraph = if line.is_empty() { String::new() } else { paragraph + line + "\n" };
            // The search leaves out the text between these two invisible signs: see player/page.js.
            if asked && (line.starts_with("<summary>") || line == "</details>") {
                text.push(ANSWERS);
            }
            text.push('\n');
            if asked && line == "</details>" {
                text.push_str("\n</predict-first>\n");
                asked = false;
            }
        }
        text += side;
        if asked {
            return Err("a question without answers: they end with </details>".into());
        }
        text += &self.linked(&self.last_words, "")?;
        Ok(format!("{text}\n<style>{}</style>\n", timelines::palette_css()))
    }

    /// Rewrites a line that is not code. `paragraph` has the other lines of its paragraph so far.
    fn line(&self, line: &str, paragraph: &str, before: &str) -> Anything<String> {
        let picture =
            line.strip_prefix("![").and_then(|rest| rest.strip_suffix(')')).and_then(|rest| rest.split_once("]("));
        match picture.filter(|(_, file)| file.contains("recorded/")) {
            Some((words, file)) => self.player(words, file, before),
            // In a block of HTML, backquotes are not markup.
            None if line.starts_with("<summary>") => Ok(coded(line)),
            None => self.linked(&line.replace(PROOF, "Proof").replace("Proof: ", PROOFS), paragraph),
        }
    }

    /// The player in place of a picture. The first player of a topic brings the topic's recordings.
    ///
    /// On another page than the topic's own it is a cover: it plays when it comes into view, and says what it shows.
    fn player(&self, words: &str, file: &str, before: &str) -> Anything<String> {
        let path = self.resolve(file).ok_or_else(|| format!("there is no picture {file}"))?;
        let name = self.workspace.name_of(&path).unwrap_or_default();
        let (topic, show) =
            (name.split('/').nth(1).unwrap_or_default(), path.file_stem().unwrap_or_default().display());
        let picture = self.workspace.carry(&name, read(&path)?);
        let own = self.folder.ends_with(format!("crates/{topic}"));
        let cover = if own { "" } else { " cover" };
        let mut player = format!(
            "\n<timeline-player topic=\"{topic}\" show=\"{show}\" id=\"timeline-{show}\"{cover}>\n<details><summary>The picture</summary><img src=\"{picture}\" alt=\"{}\"></details>\n</timeline-player>\n",
            escaped(words)
        );
        if !own && !before.contains(COVER) {
            let cover = self.workspace.carry(COVER, read(&self.workspace.root.join("docs").join(COVER))?);
            player = format!("\n<script src=\"{cover}\"></script>\n{player}");
        }
        if !before.contains(&format!("<timeline-player topic=\"{topic}\"")) {
            let recordings = timelines::script(self.workspace, topic)?;
            let script = self.workspace.carry(&format!("crates/{topic}/timelines.js"), recordings);
            player = format!("\n<script src=\"{script}\"></script>\n{player}");
        }
        Ok(player)
    }

    /// The path of a link, from this chapter's folder, or from the workspace's as in a part of the first README.
    fn resolve(&self, target: &str) -> Option<PathBuf> {
        [&self.folder, &self.workspace.root].map(|folder| folder.join(target)).into_iter().find(|path| path.exists())
    }

    /// Adds a part of a line to `text`, with its links rewritten. The words of the first link may begin in `text`.
    fn add_rewritten(&self, text: &mut String, line: &str) -> Anything<()> {
        let mut parts = line.split("](");
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (target, rest) = part.split_once(')').ok_or_else(|| format!("a link without an end: {line}"))?;
            let address = self.link(text.rsplit('[').next().unwrap_or_default(), target)?;
            let _ = write!(text, "]({address}){rest}");
        }
        Ok(())
    }

    /// The address in the book of a link's target. If the words are the name of a test in the target, its line is part of it.
    fn link(&self, words: &str, target: &str) -> Anything<String> {
        let (path, fragment) = target.split_at(target.find('#').unwrap_or(target.len()));
        if path.is_empty() || path.contains("://") {
            return Ok(target.to_owned());
        }
        // A moment of a recording: `recorded/story.svg#t=1.4`.
        if let Some(("", show)) = path.strip_suffix(".svg").and_then(|path| path.split_once("recorded/")) {
            let moment = fragment.replace('#', "&amp;");
            // A recording without a player of its own is shown beside the story.
            let picture = format!("]({path})\n");
            return Ok(if read(&self.folder.join("README.md"))?.contains(&picture) {
                format!("#timeline-{show}{moment}")
            } else {
                format!("#timeline-story{moment}&amp;show=story,{show}")
            });
        }
        let name = self.resolve(path).and_then(|path| self.workspace.name_of(&path));
        let name = name.ok_or_else(|| format!("a link to nowhere: {target}"))?;
        let page = match name.split('/').collect::<Vec<_>>()[..] {
            ["crates", name, "README.md"] => format!("{name}.md"),
            ["crates", topic, "exercises", name, "README.md"] => exercise_page(topic, name),
            ["docs", "src", page] => page.to_owned(),
            ["CONTRIBUTING.md"] | ["docs", "ARCHITECTURE.md"] => path.rsplit('/').next().unwrap_or(path).to_lowercase(),
            ["crates", _, ref folder @ .., _] if *folder == ["recorded"] || name.rsplit('.').next() == Some("svg") => {
                self.workspace.carry(&name, read(&self.workspace.root.join(&name))?)
            }
            _ if name.contains("/tests/") && fragment.is_empty() => {
                let source = read(&self.workspace.root.join(&name))?;
                let line = line_of(&source, words).map(|line| format!("#L{line}"));
                self.workspace.page(&name)? + &line.unwrap_or_default()
            }
            _ => self.workspace.page(&name)?,
        };
        Ok(page + fragment)
    }

    /// A line with its links rewritten, and its code as it is. A known name in backquotes becomes a link, so a proof leads to its test.
    ///
    /// A test may have the same name as one of the topic's functions, so a name is a proof only where the chapter says so.
    fn linked(&self, line: &str, paragraph: &str) -> Anything<String> {
        let (mut text, mut rest) = (String::new(), line);
        while let Some(at) = rest.find('`') {
            self.add_rewritten(&mut text, &rest[..at])?;
            let inside = rest[at..].trim_start_matches('`');
            let ticks = &rest[at..rest.len() - inside.len()];
            // Code ends at as many backquotes as it begins with. If these are missing, it is not code.
            let alone = |end: usize| !inside[..end].ends_with('`') && !inside[end + ticks.len()..].starts_with('`');
            let end = inside.match_indices(ticks).map(|(end, _)| end).find(|end| alone(*end));
            let (code, closing) = end.map_or(("", ""), |end| (&inside[..end], ticks));
            let led = |target: &&String| {
                // A heading is a link already.
                !text.ends_with('[')
                    && !line.starts_with('#')
                    && (!target.contains("/tests/") || proves(paragraph, &line[..line.len() - rest.len() + at]))
            };
            let _ = match self.names.get(code).filter(led) {
                // A proof is a tick that shows its name on request. The name is in one piece, so that a search for it finds it.
                Some(target) if target.contains("/tests/") => {
                    if text.ends_with("</code></a>, ") {
                        text.truncate(text.len() - ", ".len());
                        text.push(' ');
                    }
                    write!(text, "<a class=\"proof\" href=\"{target}\"><code>{code}</code></a>")
                }
                Some(target) => write!(text, "<a href=\"{target}\"><code>{code}</code></a>"),
                None => write!(text, "{ticks}{code}{closing}"),
            };
            rest = &inside[code.len() + closing.len()..];
        }
        // A full stop after the last tick could stand on a line by itself.
        let ticked = text.rfind("<a ").is_some_and(|last| text[last..].starts_with("<a class=\"proof\""));
        if rest.trim_end() == "." && ticked && text.ends_with("</a>") {
            rest = &rest[".".len()..];
        }
        self.add_rewritten(&mut text, rest)?;
        Ok(text)
    }
}

/// The line of the function that a claim names: "`Tokio`'s end" is `tokios_end`.
fn line_of(source: &str, claim: &str) -> Option<usize> {
    let letters =
        |words: &str| words.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase();
    // Code in the claim may have become a link.
    let claim = claim.split('<').map(|part| part.rsplit('>').next().unwrap_or_default()).collect::<String>();
    let name = |line: &str| Some(letters(line.split_once("fn ")?.1.split(['(', '<']).next()?));
    (1..).zip(source.lines()).find(|(_, line)| name(line).is_some_and(|name| name == letters(&claim))).map(|(at, _)| at)
}

/// Whether a name after `before` in its line is a proof: in a column of proofs, or in a paragraph after the word.
fn proves(paragraph: &str, before: &str) -> bool {
    // An escaped bar does not end its cell.
    let cells = |row: &str| row.replace("\\|", "").split('|').map(|cell| cell.contains("Proof")).collect::<Vec<_>>();
    if before.starts_with('|') {
        let column = cells(before).len() - 1;
        paragraph.lines().next().is_some_and(|head| cells(head).get(column) == Some(&true))
    } else {
        paragraph.contains("Proof") || before.contains("Proof")
    }
}

/// A line of HTML, in which text between backquotes becomes code.
fn coded(line: &str) -> String {
    let (mut text, mut rest) = (String::new(), line);
    while let Some((before, (code, after))) =
        rest.split_once('`').and_then(|(before, inside)| Some((before, inside.split_once('`')?)))
    {
        let _ = write!(text, "{before}<code>{}</code>", escaped(code));
        rest = after;
    }
    text.push_str(rest);
    text
}

/// The page of an exercise. All pages are in one folder, and two topics may have exercises with the same name.
pub(crate) fn exercise_page(topic: &str, name: &str) -> String {
    format!("{topic}-{name}.md")
}

/// The last lines of a topic's chapter: where its files are.
fn room(topic: &str) -> String {
    let files = "the pattern in `src/lib.rs`, what goes wrong in `src/naive.rs`, the story in `src/main.rs`, the asyncio twin in `twin.py`";
    let library = format!("../doc/{}/index.html", topic.replace('-', "_"));
    format!(
        "\n## In the workspace\n\nThe folder of this topic is `crates/{topic}`: {files}, and <a href=\"{library}\">its documentation</a>.\n"
    )
}

/// What the reader of an exercise needs besides the task: the code to begin with, what is given, and the command.
fn task(folder: &Path, topic: &str, name: &str) -> Anything<String> {
    // Without the first lines of a file, which say what it is: the page says it already.
    let code = |file: &str| -> Anything<String> {
        let source = read(&folder.join(file))?;
        let lines: Vec<_> = source.lines().skip_while(|line| line.starts_with("//!") || line.is_empty()).collect();
        Ok(format!("```rust\n{}\n```\n", lines.join("\n")))
    };
    let begin = code("start.rs")?;
    let given = if folder.join("given.rs").exists() {
        format!(
            "<details>\n<summary>What you are given: <code>given.rs</code></summary>\n\n{}\n</details>\n\n",
            code("given.rs")?
        )
    } else {
        String::new()
    };
    let documented = if begin.contains("use exam::") {
        "<a href=\"../doc/exam/index.html\">The documentation of `exam`</a> explains the types that come from there.\n\n"
    } else {
        ""
    };
    let answer = format!("crates/{topic}/exercises/{name}/answer.rs");
    let command = format!(
        "```sh\ncargo workbook try {topic}/{name}\n```\n\nThis exercise belongs to the chapter [{topic}]({topic}.md).\n\n"
    );
    Ok(format!(
        "## Your answer\n\nYou edit `{answer}`. It begins like this:\n\n{begin}\n{documented}{given}To check your answer, type:\n\n{command}## Hints\n\n"
    ))
}

/// The file of an exercise that a reader should look at, if there is one.
fn given(workspace: &Workspace, topic: &str, name: &str) -> Anything<BTreeMap<String, String>> {
    let file = format!("crates/{topic}/exercises/{name}/given.rs");
    let page = workspace.root.join(&file).exists().then(|| workspace.page(&file)).transpose()?;
    Ok(page.map(|page| ("given.rs".to_owned(), page)).into_iter().collect())
}

/// The names of a topic's tests, files and functions, each with the link to its place.
fn names_of(workspace: &Workspace, folder: &Path, topic: &str) -> Anything<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    let library = format!("../doc/{}", topic.replace('-', "_"));
    for (file, path) in files_below(folder) {
        let name = format!("crates/{topic}/{file}");
        // The exercises are for the reader to solve, not to look up.
        if !["rust", "python"].contains(&language(&name)) || file.starts_with("exercises/") {
            continue;
        }
        let source = read(&path)?;
        let lines: Vec<_> = source.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            let Some((_, rest)) = line.split_once("fn ") else { continue };
            let function = rest.split(['(', '<']).next().unwrap_or_default().to_owned();
            let mut attributes = lines[..number].iter().rev().take_while(|line| line.trim_start().starts_with("#["));
            if file.starts_with("tests/") && attributes.any(|attribute| attribute.contains("test")) {
                names.insert(function, format!("{}#L{}", workspace.page(&name)?, number + 1));
            } else if file == "src/lib.rs" && line.starts_with("pub ") {
                names.insert(function.clone(), format!("{library}/fn.{function}.html"));
            }
        }
        if !file.starts_with("tests/") {
            names.insert(file, workspace.page(&name)?);
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests;
