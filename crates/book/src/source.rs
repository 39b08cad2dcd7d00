//! The workspace as the book needs it: chapters, and pages of source.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Anything;

/// The workspace, and the files that the book needs besides its chapters.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// The folder with the files that mdBook copies: `docs/src/files`, written again each time.
    files: PathBuf,
    /// The files that must be written there.
    wanted: RefCell<BTreeMap<String, String>>,
}

impl Workspace {
    /// The workspace of the book in this folder.
    pub(crate) fn open(docs: &Path) -> Anything<Self> {
        let root = docs.canonicalize()?.parent().ok_or("the book must be in a folder of the workspace")?.to_owned();
        Ok(Self { files: root.join("docs/src/files"), root, wanted: RefCell::default() })
    }

    /// A file's name in the workspace, with forward slashes. `None` if it is outside or does not exist.
    pub(crate) fn name_of(&self, path: &Path) -> Option<String> {
        let path = path.canonicalize().ok()?;
        Some(path.strip_prefix(&self.root).ok()?.to_str()?.replace('\\', "/"))
    }

    /// Adds this file to the book as it is, and returns the link to it.
    pub(crate) fn carry(&self, name: &str, text: String) -> String {
        self.wanted.borrow_mut().insert(name.to_owned(), text);
        format!("files/{name}")
    }

    /// Adds a file of the workspace to the book as a page of source, and returns the link to it.
    pub(crate) fn page(&self, name: &str) -> Anything<String> {
        let (page, path) = (format!("{name}.html"), self.root.join(name));
        if !self.wanted.borrow().contains_key(&page) {
            let html = page_of_source(name, &read(&path)?);
            self.carry(&page, html);
        }
        Ok(format!("files/{page}"))
    }

    /// Writes the added files. A file that already has the right text is not touched.
    pub(crate) fn write_pages(&self) -> Anything<()> {
        let wanted = self.wanted.borrow();
        for (name, path) in crate::files_below(&self.files) {
            if !wanted.contains_key(&name) {
                fs::remove_file(path)?;
            }
        }
        for (name, text) in wanted.iter() {
            let path = self.files.join(name);
            if fs::read_to_string(&path).ok().as_ref() != Some(text) {
                fs::create_dir_all(path.parent().unwrap_or(&self.files))?;
                fs::write(path, text)?;
            }
        }
        Ok(())
    }
}

/// A text file, with line breaks as on Unix.
pub(crate) fn read(path: &Path) -> Anything<String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text.replace("\r\n", "\n"))
}

/// Text for HTML, also within an attribute.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The language of a file, as a code block names it.
pub(crate) fn language(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("rs") => "rust",
        Some("py") => "python",
        _ => "plaintext",
    }
}

fn page_of_source(name: &str, text: &str) -> String {
    let lines =
        (1..=text.lines().count()).map(|line| format!("<a id=L{line} href=#L{line}>{line}</a>")).collect::<Vec<_>>();
    // A screen reader reads line by line.
    let each = text.lines().map(|line| format!("<span role=listitem>{}\n</span>", escaped(line))).collect::<Vec<_>>();
    include_str!("source.html")
        .replace("{{root}}", &"../".repeat(name.split('/').count()))
        .replace("{{name}}", &escaped(name))
        .replace("{{language}}", language(name))
        .replace("{{lines}}", &lines.concat())
        .replace("{{text}}", &each.concat())
}
