//! The page that starts a project is followed: its commands run, its program builds, its tests pass.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use room::code_blocks;

use crate::pages::{page, workspace};

/// A line that talks to the server of the page begins with this.
const PYTHON: &str = "python3 -c ";

fn clone() -> PathBuf {
    workspace().canonicalize().unwrap()
}

/// A command of cargo in this folder, without the network.
fn cargo(command: &str, folder: &Path) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.arg(command).current_dir(folder).env("CARGO_NET_OFFLINE", "true");
    // What the first run builds, the next one finds.
    cargo.env("CARGO_TARGET_DIR", clone().join("target/own-project"));
    cargo
}

/// Runs one line of the page's commands in this folder, without the network, and returns what it printed.
fn run(line: &str, folder: &Path) -> String {
    let clone = clone().display().to_string();
    let words = line.split_whitespace().map(|word| word.replace("../async-you-can-see", &clone));
    let mut words = words.skip_while(|word| word == "cargo");
    let output = cargo(&words.next().unwrap(), folder).args(words).output().unwrap();
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
                for line in code.lines().filter(|line| !line.starts_with(PYTHON)) {
                    match line.strip_prefix("cd ") {
                        Some(name) => folder.push(name),
                        None => printed += &run(line, &folder),
                    }
                }
            }
            other => panic!("a block in {other:?}"),
        }
    }
    // The programs run on the real clock: on a machine that stands still for 100 ms, the pages come in another order.
    // The page's own test proves the order, on the paused clock.
    let pages = printed.lines().find_map(|line| line.strip_prefix('[')?.strip_suffix(']'));
    let mut pages: Vec<_> = pages.unwrap_or_default().split(", ").collect();
    pages.sort_unstable();
    assert_eq!(pages, [r#""page 1""#, r#""page 2""#, r#""page 3""#], "{printed}");
    assert!(printed.contains("test result: ok. 2 passed"), "{printed}");
    assert!(printed.contains("test result: ok. 1 passed"), "{printed}");
    assert!(printed.contains("page 3 is here"), "the notes of the lanes: {printed}");
    assert!(printed.contains("on the worker threads:"), "{printed}");
    let last = printed.lines().find(|line| line.contains(" in total; ")).unwrap_or_default();
    assert!(last.contains(" in total; 3 lanes, ") && last.ends_with("; 3 finished."), "{printed}");
}

#[test]
fn without_its_feature_rustc_says_which_one_the_item_needs() {
    let home = tempfile::tempdir().unwrap();
    run("cargo new fetcher", home.path());
    let folder = home.path().join("fetcher");
    run("cargo add tokio --features rt-multi-thread,macros,time", &folder);
    let messages = page("messages");
    let row = messages.lines().find(|line| line.contains("gated behind")).unwrap();
    for (item, code, words) in [
        ("tokio::net::TcpListener", "E0432", "unresolved import"),
        ("tokio::signal::ctrl_c", "E0432", "unresolved import"),
    ] {
        fs::write(folder.join("src/main.rs"), format!("use {item};\n\nfn main() {{}}\n")).unwrap();
        let said = cargo("check", &folder).output().unwrap();
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        let feature = item.split("::").nth(1).unwrap();
        let gated = format!("the item is gated behind the `{feature}` feature");
        for words in [code, words, "found an item that was configured out", &gated] {
            assert!(said.contains(words), "{item}: rustc does not say {words:?}:\n{said}");
            assert!(row.contains(&words.replace("`net`", "`signal`")), "the messages do not say {words:?}: {row}");
        }
    }
    // Without a `use`, the message is another one.
    fs::write(folder.join("src/main.rs"), "fn main() {\n    drop(tokio::signal::ctrl_c());\n}\n").unwrap();
    let said = cargo("check", &folder).output().unwrap();
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    for words in ["E0433", "could not find `signal` in `tokio`", "the item is gated behind the `signal` feature"] {
        assert!(said.contains(words) && row.contains(words), "rustc or the messages do not say {words:?}:\n{said}");
    }
    run("cargo add tokio --features signal", &folder);
    run("cargo check", &folder);
}

#[test]
fn cargo_run_asks_which_of_two_programs_it_shall_run() {
    let home = tempfile::tempdir().unwrap();
    run("cargo new fetcher", home.path());
    let folder = home.path().join("fetcher");
    fs::create_dir(folder.join("src/bin")).unwrap();
    fs::write(folder.join("src/bin/server.rs"), "fn main() {}\n").unwrap();
    let messages = page("messages");
    let row = messages.lines().find(|line| line.contains("which binary to run")).unwrap();
    // In a package with two programs, and in this workbook.
    for folder in [&folder, &clone()] {
        let said = cargo("run", folder).output().unwrap();
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        for words in ["`cargo run` could not determine which binary to run", "available binaries"] {
            assert!(said.contains(words) && row.contains(words), "cargo or the messages do not say {words:?}:\n{said}");
        }
    }
    run("cargo run --bin fetcher", &folder);
}

#[cfg(unix)]
#[test]
fn the_line_of_python_gets_back_what_it_sends() {
    if room::run_python("print('here')").is_empty() {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let echo = std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut line = String::new();
        BufReader::new(&client).read_line(&mut line).unwrap();
        client.write_all(line.as_bytes()).unwrap();
    });
    let text = page("own-project");
    let line = text.lines().find(|line| line.starts_with(PYTHON)).unwrap().replace("7878", &port);
    let output = Command::new("sh").args(["-c", &line]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), "hello", "{output:?}");
    echo.join().unwrap();
}
