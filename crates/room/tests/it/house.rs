//! Every topic has its whole room, and a row in the README.

use std::fs;
use std::path::{Path, PathBuf};

/// What stands in every topic's room.
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

/// The folders of the topics: those of all crates that tell a story.
fn topics() -> Vec<PathBuf> {
    let entries = fs::read_dir(workspace().join("crates")).unwrap();
    let folders = entries.map(|entry| entry.unwrap().path());
    folders.filter(|folder| folder.join("src/main.rs").exists() && folder.join("twin.py").exists()).collect()
}

#[test]
fn every_room_is_furnished() {
    assert!(!topics().is_empty());
    for topic in topics() {
        for file in FURNITURE {
            assert!(topic.join(file).exists(), "{} lacks {file}", topic.display());
        }
        let lib = fs::read_to_string(topic.join("src/lib.rs")).unwrap();
        let included = "#![doc = include_str!(\"../README.md\")]";
        assert!(
            lib.contains(included),
            "{}: src/lib.rs lacks {included}, so nobody tests the chapter",
            topic.display()
        );
    }
}

#[test]
fn every_topic_is_in_the_readme() {
    let readme = fs::read_to_string(workspace().join("README.md")).unwrap();
    for topic in topics() {
        let name = topic.file_name().unwrap().to_string_lossy();
        let row = format!("| [{name}](crates/{name}/README.md) |");
        assert!(readme.contains(&row), "the README's table lacks {row}");
    }
}

#[test]
fn every_link_of_the_readme_leads_somewhere() {
    let readme = fs::read_to_string(workspace().join("README.md")).unwrap();
    for link in readme.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(link.contains("://") || workspace().join(link).exists(), "a link to nowhere: {link}");
    }
}
