//! A README as a chapter.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::source::{Workspace, escaped, language, read};
use crate::{Anything, files_below, timelines};

/// How a question begins; it reaches to the end of its answers, which are folded.
const QUESTION: &str = "**Predict first.**";

/// A chapter on its way from a README into the book.
#[derive(Debug)]
pub(crate) struct Chapter<'a> {
    workspace: &'a Workspace,
    folder: PathBuf,
    /// The topic's name, if it is one.
    topic: Option<String>,
    /// Where a name leads: a test's, a file's, a function's.
    names: BTreeMap<String, String>,
}

impl<'a> Chapter<'a> {
    /// The chapter that this file becomes.
    pub(crate) fn new(workspace: &'a Workspace, path: &Path) -> Anything<Self> {
        let folder = path.parent().unwrap_or(path).to_owned();
        let name = workspace.name_of(path).unwrap_or_default();
        let topic = name.strip_prefix("crates/").and_then(|rest| rest.strip_suffix("/README.md")).map(str::to_owned);
        let names = topic.as_ref().map_or(Ok(BTreeMap::new()), |topic| names_of(workspace, &folder, topic))?;
        Ok(Self { workspace, folder, topic, names })
    }

    /// The chapter's text.
    pub(crate) fn rewrite(&self, readme: &str) -> Anything<String> {
        let mut text = String::new();
        let (mut fenced, mut asked) = (false, false);
        for line in readme.lines() {
            let fence = line.starts_with("```");
            fenced ^= fence;
            if !fenced && line.starts_with(QUESTION) {
                text.push_str("<predict-first>\n\n");
                asked = true;
            }
            text += &if fence || fenced { line.to_owned() } else { self.line(line, &text)? };
            text.push('\n');
            if asked && line == "</details>" {
                text.push_str("\n</predict-first>\n");
                asked = false;
            }
        }
        if asked {
            return Err("a question without answers: they end with </details>".into());
        }
        if let Some(topic) = &self.topic {
            text += &self.room(topic)?;
        }
        Ok(format!("{text}\n<style>{}</style>\n", timelines::palette_css()))
    }

    /// A line that is no code.
    fn line(&self, line: &str, before: &str) -> Anything<String> {
        let picture =
            line.strip_prefix("![").and_then(|rest| rest.strip_suffix(')')).and_then(|rest| rest.split_once("]("));
        match picture.filter(|(_, file)| file.contains("recorded/")) {
            Some((words, file)) => self.player(words, file, !before.contains("<timeline-player")),
            None => Ok(self.names_linked(&self.links_rewritten(line)?)),
        }
    }

    /// The player in place of a picture; the topic's recordings come with the first one.
    fn player(&self, words: &str, file: &str, first: bool) -> Anything<String> {
        let path = self.resolve(file).ok_or_else(|| format!("there is no picture {file}"))?;
        let name = self.workspace.name_of(&path).unwrap_or_default();
        let (topic, show) =
            (name.split('/').nth(1).unwrap_or_default(), path.file_stem().unwrap_or_default().display());
        let picture = self.workspace.carry(&name, read(&path)?);
        let mut player = format!(
            "\n<timeline-player topic=\"{topic}\" show=\"{show}\" id=\"timeline-{show}\">\n<img src=\"{picture}\" alt=\"{}\">\n</timeline-player>\n",
            escaped(words)
        );
        if first {
            let recordings = timelines::script(self.workspace, topic)?;
            let script = self.workspace.carry(&format!("crates/{topic}/timelines.js"), recordings);
            player = format!("\n<script src=\"{script}\"></script>\n{player}");
        }
        Ok(player)
    }

    /// A path that a link means, from this chapter's folder or, as in a part of the first README, from the workspace's.
    fn resolve(&self, target: &str) -> Option<PathBuf> {
        [&self.folder, &self.workspace.root].map(|folder| folder.join(target)).into_iter().find(|path| path.exists())
    }

    fn links_rewritten(&self, line: &str) -> Anything<String> {
        let mut parts = line.split("](");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (target, rest) = part.split_once(')').ok_or_else(|| format!("a link without an end: {line}"))?;
            let _ = write!(text, "]({}){rest}", self.link(target)?);
        }
        Ok(text)
    }

    fn link(&self, target: &str) -> Anything<String> {
        let (path, fragment) = target.split_at(target.find('#').unwrap_or(target.len()));
        if path.is_empty() || path.contains("://") {
            return Ok(target.to_owned());
        }
        // A moment of a recording: `recorded/story.svg#t=1.4`.
        if let Some((_, show)) = path.strip_suffix(".svg").and_then(|path| path.rsplit_once("recorded/")) {
            return Ok(format!("#timeline-{show}{}", fragment.replace('#', "&amp;")));
        }
        let name = self.resolve(path).and_then(|path| self.workspace.name_of(&path));
        let name = name.ok_or_else(|| format!("a link to nowhere: {target}"))?;
        let page = match name.split('/').collect::<Vec<_>>()[..] {
            ["crates", topic, "README.md"] => format!("{topic}.md"),
            ["docs", "src", page] => page.to_owned(),
            ["CONTRIBUTING.md"] | ["docs", "ARCHITECTURE.md"] => path.rsplit('/').next().unwrap_or(path).to_lowercase(),
            _ => self.workspace.page(&name)?,
        };
        Ok(page + fragment)
    }

    /// Makes a link of each name in backquotes that has a place: a proof leads to its test.
    fn names_linked(&self, line: &str) -> String {
        let parts: Vec<_> = line.split('`').collect();
        let mut text = String::new();
        for (index, part) in parts.iter().enumerate() {
            // Every other part stands in backquotes, unless the last one has no end.
            let quoted = index % 2 == 1 && index + 1 < parts.len();
            let _ = match self.names.get(*part).filter(|_| quoted && !text.ends_with('[')) {
                // A long name breaks between its words.
                Some(target) => write!(text, "<a href=\"{target}\"><code>{}</code></a>", part.replace('_', "_<wbr>")),
                None if quoted => write!(text, "`{part}`"),
                None => write!(text, "{}{part}", if index % 2 == 1 { "`" } else { "" }),
            };
        }
        text
    }

    /// The last lines of a topic's chapter: where its files are.
    fn room(&self, topic: &str) -> Anything<String> {
        let files = [
            ("the story", "src/main.rs"),
            ("the pattern", "src/lib.rs"),
            ("what goes wrong", "src/naive.rs"),
            ("the asyncio twin", "twin.py"),
            ("the claims", "tests/it/claims.rs"),
        ];
        let mut text = format!("\n## In the workspace\n\nThe folder of this topic is `crates/{topic}`: ");
        for (words, file) in files.into_iter().filter(|(_, file)| self.folder.join(file).is_file()) {
            let _ = write!(text, "[{words}]({}), ", self.workspace.page(&format!("crates/{topic}/{file}"))?);
        }
        let _ = writeln!(text, "and [its documentation](../doc/{}/index.html).", topic.replace('-', "_"));
        Ok(text)
    }
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
