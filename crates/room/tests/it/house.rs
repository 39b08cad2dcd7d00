//! Every topic has a complete room, and a row in the README.

use std::fs;
use std::path::{Path, PathBuf};

/// The most lines of a support crate, without blank lines, comments and tests. A larger crate does too much.
const MOST_LINES: usize = 1_500;

/// The most lines of a chapter before `## In depth`, all lines counted. A longer one asks too much of a first reading.
const MOST_LINES_OF_A_CHAPTER: usize = 200;

/// The files of every topic's room.
const FURNITURE: [&str; 12] = [
    "Cargo.toml",
    "README.md",
    "src/lib.rs",
    "src/main.rs",
    "twin.py",
    "tests/it/main.rs",
    "tests/it/story.rs",
    "recorded/story.txt",
    "recorded/story.json",
    "recorded/story.svg",
    "recorded/twin.json",
    "recorded/twin.svg",
];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folders of the topics: the crates that tell a story.
fn topics() -> Vec<PathBuf> {
    let entries = fs::read_dir(workspace().join("crates")).unwrap();
    let folders = entries.map(|entry| entry.unwrap().path());
    folders.filter(|folder| folder.join("src/main.rs").exists() && folder.join("twin.py").exists()).collect()
}

#[test]
fn every_room_has_all_its_files() {
    assert!(!topics().is_empty());
    for topic in topics() {
        for file in FURNITURE {
            assert!(topic.join(file).exists(), "{} lacks {file}", topic.display());
        }
        let lib = fs::read_to_string(topic.join("src/lib.rs")).unwrap();
        let included = "#![doc = include_str!(\"../README.md\")]";
        assert!(
            lib.contains(included),
            "{}: src/lib.rs lacks {included}, so the chapter is not tested",
            topic.display()
        );
    }
}

#[test]
fn the_readme_lists_every_topic_by_the_parts_of_the_book() {
    let read = |file: &str| fs::read_to_string(workspace().join(file)).unwrap();
    let (readme, summary) = (read("README.md"), read("docs/src/SUMMARY.md"));
    // A part, and below it its topics: `| **Stop** | | |`, `| [timeouts](crates/timeouts/README.md) |`.
    let rows = readme.lines().filter_map(|line| {
        let row = line.strip_prefix("| ")?;
        row.strip_prefix("**").and_then(|row| row.split_once("**")).or_else(|| row.strip_prefix('[')?.split_once(']'))
    });
    let rows: Vec<_> = rows.map(|(name, _)| name).collect();
    let mut parts: Vec<_> = Vec::new();
    for line in summary.lines() {
        if let Some(part) = line.strip_prefix("# ") {
            parts.push(vec![part]);
        } else if let Some(topic) = line.strip_prefix("- [").and_then(|line| line.strip_suffix(")]()")) {
            let topic = topic.rsplit('(').next().unwrap();
            if workspace().join("crates").join(topic).exists() {
                parts.last_mut().unwrap().push(topic);
            }
        }
    }
    assert_eq!(rows, parts.into_iter().filter(|part| part.len() > 1).flatten().collect::<Vec<_>>());
    assert_eq!(rows.iter().filter(|name| workspace().join("crates").join(name).exists()).count(), topics().len());
}

#[test]
fn every_link_of_the_readme_leads_somewhere() {
    let readme = fs::read_to_string(workspace().join("README.md")).unwrap();
    // The tests of the book check the headings, on the page of the introduction.
    for link in readme.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
        assert!(link.contains("://") || workspace().join(link).exists(), "a link to nowhere: {link}");
    }
}

/// All Rust files of a folder and of the folders in it.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let sources = paths.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    sources.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

#[test]
fn no_support_crate_has_more_than_1500_lines() {
    let topics = topics();
    let crates = fs::read_dir(workspace().join("crates")).unwrap().map(|entry| entry.unwrap().path());
    let support: Vec<_> = crates.filter(|folder| !topics.contains(folder)).collect();
    assert!(support.len() >= 10);
    for folder in support {
        let sources = sources(&folder.join("src")).into_iter().filter(|path| !path.ends_with("tests.rs"));
        let lines = sources.map(|path| {
            let text = fs::read_to_string(path).unwrap();
            let lines = text.lines().map(str::trim).take_while(|line| *line != "#[cfg(test)]");
            lines.filter(|line| !line.is_empty() && !line.starts_with("//")).count()
        });
        let lines: usize = lines.sum();
        assert!(lines <= MOST_LINES, "{} has {lines} lines, but may have at most {MOST_LINES}", folder.display());
    }
}

/// In place of `//! In Python`, a `//In Python` is no documentation, and nothing else complains.
#[test]
fn no_comment_touches_its_slashes() {
    let touches =
        |line: &str| line.trim_start().strip_prefix("//").is_some_and(|rest| rest.starts_with(char::is_alphabetic));
    for path in sources(&workspace().join("crates")) {
        for line in fs::read_to_string(&path).unwrap().lines() {
            assert!(!touches(line), "{}: {line}", path.display());
        }
    }
}

/// `cargo run` takes the binary of the only crate with a default. If several crates have one, it asks for a name.
#[test]
fn cargo_run_without_a_name_runs_no_topic() {
    let crates = fs::read_dir(workspace().join("crates")).unwrap().map(|entry| entry.unwrap().path());
    let has_default = |folder: &PathBuf| {
        fs::read_to_string(folder.join("Cargo.toml")).is_ok_and(|text| text.contains("\ndefault-run = "))
    };
    assert_ne!(crates.filter(has_default).count(), 1);
}

#[test]
fn each_recipe_has_a_group_and_a_readers_recipe_needs_no_exercise() {
    let justfile = fs::read_to_string(workspace().join("justfile")).unwrap();
    for recipe in justfile.split("\n\n").filter(|recipe| !recipe.starts_with("set ") && !recipe.contains("[private]")) {
        let header = recipe.lines().find(|line| !line.starts_with(['#', '['])).unwrap();
        let groups = ["[group('to learn')]", "[group('to work on the course')]"];
        let in_groups = recipe.lines().filter(|line| groups.contains(line)).count();
        assert_eq!(in_groups, usize::from(!header.starts_with("default:")), "{header}");
        // Without one, `cargo workbook` says what to type.
        assert!(!header.contains(" EXERCISE") || header.contains(" EXERCISE=\"\""), "{header}");
    }
}

#[test]
fn no_chapter_has_more_than_200_lines_before_in_depth() {
    let long = topics().into_iter().filter_map(|topic| {
        let chapter = fs::read_to_string(topic.join("README.md")).unwrap();
        let lines = chapter.lines().take_while(|line| *line != "## In depth").count();
        (lines > MOST_LINES_OF_A_CHAPTER).then(|| format!("{} has {lines}", topic.display()))
    });
    assert_eq!(long.collect::<Vec<_>>(), [""; 0]);
}

/// A heading is a link to itself. The list of headings beside the page ends where another link begins.
#[test]
fn no_heading_of_a_page_holds_a_link() {
    let chapters = topics().into_iter().map(|topic| topic.join("README.md"));
    let pages = fs::read_dir(workspace().join("docs/src")).unwrap().map(|entry| entry.unwrap().path());
    let pages = pages.filter(|page| page.extension().is_some_and(|extension| extension == "md"));
    for page in chapters.chain(pages) {
        for line in fs::read_to_string(&page).unwrap().lines() {
            assert!(!line.starts_with('#') || !line.contains("]("), "{}: {line}", page.display());
        }
    }
}

/// GitHub does not shuffle the choices, so a reader could learn the place of the right one.
#[test]
fn the_right_answers_are_spread_evenly_over_the_places() {
    let mut places = [0; 3];
    for topic in topics() {
        let chapter = fs::read_to_string(topic.join("README.md")).unwrap();
        for (place, count) in (1..).zip(&mut places) {
            *count += chapter.matches(&format!("\n{place}. **Right**")).count();
        }
    }
    let all: usize = places.iter().sum();
    assert!(all >= 50 && places.iter().all(|count| count * 4 >= all), "right answers at each place: {places:?}");
}
