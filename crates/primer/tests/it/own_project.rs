//! The page that starts a project is followed: its commands run, its program builds, its tests pass.

use std::fs;
use std::path::Path;
use std::process::Command;

use room::code_blocks;

use crate::pages::{page, workspace};

/// Runs one line of the page's commands in this folder, without the network, and returns what it printed.
fn run(line: &str, folder: &Path) -> String {
    let clone = workspace().canonicalize().unwrap().display().to_string();
    let words = line.split_whitespace().map(|word| word.replace("../async-you-can-see", &clone));
    let mut words = words.skip_while(|word| word == "cargo");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.arg(words.next().unwrap()).args(words).current_dir(folder).env("CARGO_NET_OFFLINE", "true");
    // What the first run builds, the next one finds.
    cargo.env("CARGO_TARGET_DIR", Path::new(&clone).join("target/own-project"));
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_page_that_starts_a_project_can_be_followed() {
    let text = page("own-project");
    let home = tempfile::tempdir().unwrap();
    let mut folder = home.path().to_owned();
    let mut printed = String::new();
    let mut programs = ["src/main.rs", "src/bin/server.rs", "src/bin/recorded.rs"].into_iter();
    for (language, code) in code_blocks(&text) {
        match language {
            "rust" | "rust,no_run" => {
                let file = folder.join(programs.next().unwrap());
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, code).unwrap();
            }
            "sh" => {
                for line in code.lines() {
                    match line.strip_prefix("cd ") {
                        Some(name) => folder.push(name),
                        None => printed += &run(line, &folder),
                    }
                }
            }
            other => panic!("a block in {other:?}"),
        }
    }
    assert!(printed.contains(r#"["page 1", "page 2", "page 3"]"#), "{printed}");
    assert!(printed.contains("test result: ok. 2 passed"), "{printed}");
    assert!(printed.contains("test result: ok. 1 passed"), "{printed}");
    assert!(printed.contains("3 lanes, at most 3 at once; 3 finished."), "{printed}");
}
