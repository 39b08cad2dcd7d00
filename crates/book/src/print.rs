//! A page for each part of the book, to print: its chapters one after another, with pictures where the players are.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};
use tinyjson::JsonValue;

use crate::source::{Workspace, escaped};
use crate::{Anything, Fields, each_chapter, text};

/// The place in a chapter for the links to these pages.
const LINKS: &str = "<!-- the parts to print -->";

/// Adds a page for each part to the book, and puts the links to them where a chapter has a place for them.
pub(crate) fn parts(workspace: &Workspace, items: &mut JsonValue) -> Anything<()> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for item in items.get::<Vec<JsonValue>>().into_iter().flatten().filter_map(JsonValue::get::<Fields>) {
        if let Some(title) = text(item, "PartTitle") {
            parts.push((title, String::new()));
        } else if let (Some(chapter), Some((_, content))) = (item.get("Chapter"), parts.last_mut()) {
            collect(chapter, content);
        }
    }
    let links = parts.iter().map(|(title, content)| {
        let name = format!("print/{}.html", title.to_lowercase().replace(' ', "-"));
        let page = include_str!("print.html").replace("{{title}}", &escaped(title)).replace("{{chapters}}", content);
        format!("- <a href=\"{}\">{title}</a>", workspace.carry(&name, page))
    });
    let links = links.collect::<Vec<_>>().join("\n");
    each_chapter(items, "", &mut |chapter, _parent| {
        if let Some(content) = chapter.get_mut("content").and_then(JsonValue::get_mut::<String>) {
            *content = content.replace(LINKS, &links);
        }
        Ok(())
    })
}

/// The chapter as HTML, and the chapters below it. The page lies two folders below the chapters.
fn collect(chapter: &JsonValue, to: &mut String) {
    let Some(chapter) = chapter.get::<Fields>() else { return };
    let (path, content) = (text(chapter, "path").unwrap_or_default(), text(chapter, "content").unwrap_or_default());
    // There are no players here, and the pictures have their own colours.
    let lines = content.lines().filter(|line| !line.starts_with("<script") && !line.starts_with("<style"));
    let content = lines.collect::<Vec<_>>().join("\n").replace("<details>", "<details open>");
    let content = content.replace("=\"files/", "=\"../../files/").replace("=\"../doc/", "=\"../../../doc/");
    let link = |target: &str| match target {
        target if target.contains("://") => target.to_owned(),
        // A link within the chapter.
        place if place.starts_with('#') => format!("../../{path}{place}").replacen(".md", ".html", 1),
        page => format!("../../{page}").replacen(".md", ".html", 1),
    };
    html::push_html(
        to,
        Parser::new_ext(&content, Options::all()).map(|event| match event {
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                Event::Start(Tag::Link { link_type, dest_url: CowStr::from(link(&dest_url)), title, id })
            }
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                Event::Start(Tag::Image { link_type, dest_url: CowStr::from(link(&dest_url)), title, id })
            }
            other => other,
        }),
    );
    for item in chapter.get("sub_items").and_then(JsonValue::get::<Vec<JsonValue>>).into_iter().flatten() {
        if let Some(chapter) = item.get::<Fields>().and_then(|item| item.get("Chapter")) {
            collect(chapter, to);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

    use super::*;

    #[test]
    fn a_part_becomes_one_page_with_its_chapters_in_order() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("docs")).unwrap();
        let workspace = Workspace::open(&folder.path().join("docs")).unwrap();
        let chapter =
            |content: &str, below: &str| format!(r#"{{"Chapter":{{"content":"{content}","sub_items":[{below}]}}}}"#);
        let mut items = format!(
            r#"[{},{{"PartTitle":"Many at once"}},{},{}]"#,
            chapter("# Before\\n<!-- the parts to print -->", ""),
            chapter(
                "# One\\n\\n<script src=x></script>\\n\\n<details>\\n\\n[two](two.md#here) ![](files/a.svg)\\n\\n</details>",
                &chapter("# Below", "")
            ),
            chapter("# Two", "")
        )
        .parse()
        .unwrap();
        parts(&workspace, &mut items).unwrap();
        workspace.write_pages().unwrap();
        let page = std::fs::read_to_string(folder.path().join("docs/src/files/print/many-at-once.html")).unwrap();
        let order: Vec<_> = page.split("<h1>").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
        assert_eq!(order, ["One", "Below", "Two"]);
        assert!(
            page.contains("<details open>")
                && page.contains("href=\"../../two.html#here\"")
                && page.contains("src=\"../../files/a.svg\"")
                && !page.contains("<script"),
            "{page}"
        );
        let first = items.stringify().unwrap();
        assert!(first.contains(r"files/print/many-at-once.html"), "{first}");
    }
}
