//! What the pages show of compile errors is what rustc really says.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use room::code_blocks;
use tinyjson::JsonValue;

use crate::pages::{PAGES, page, workspace};

/// The compiler whose words the page shows; another one may say it differently.
const RUSTC: &str = "1.95";

/// What the examples depend on, apart from the standard library.
const MANIFEST: &str = r#"[package]
name = "gallery"
edition = "2024"

[dependencies]
futures = "0.3"
tokio = { version = "1", features = ["fs", "macros", "rt-multi-thread", "time"] }

[workspace]
"#;

/// What the compiler said about one example.
#[derive(Debug, Default)]
struct Said {
    codes: Vec<String>,
    lines: Vec<String>,
}

#[test]
fn each_error_of_the_pages_has_its_code_and_is_in_rustcs_words() {
    let pages = PAGES.map(page);
    let blocks: Vec<_> = pages.iter().flat_map(|page| code_blocks(page)).collect();
    let wrong: Vec<_> = (0..blocks.len()).filter(|index| blocks[*index].0.contains("compile_fail")).collect();
    let said = compile(wrong.iter().map(|index| blocks[*index].1));
    let same_compiler = rustc_version().starts_with(RUSTC);
    let mut in_words = 0;
    for (number, index) in wrong.into_iter().enumerate() {
        let said = &said[&format!("example_{number}")];
        if let Some(code) = blocks[index].0.rsplit(',').find(|word| word.starts_with('E')) {
            assert!(said.codes.iter().any(|found| found == code), "{code} is not among {said:#?}");
        }
        let Some(("text", shown)) = blocks.get(index + 1) else { continue };
        in_words += 1;
        let mut rest = said.lines.iter();
        for line in shown.lines().filter(|_| same_compiler) {
            let (line, all) = (without_gutter(line), said.lines.join("\n"));
            assert!(rest.any(|found| *found == line), "rustc does not say, or not here:\n{line}\nbut:\n{all}");
        }
    }
    assert!(in_words >= 10, "only {in_words} examples have words");
    if !same_compiler {
        eprintln!("SKIPPED: rustc's words, which are those of {RUSTC}; the codes are checked.");
    }
}

/// Compiles each example as a program of its own, in one package, and returns what the compiler said about each.
fn compile<'a>(examples: impl Iterator<Item = &'a str>) -> HashMap<String, Said> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gallery");
    let _ = fs::remove_dir_all(folder.join("src"));
    fs::create_dir_all(folder.join("src/bin")).unwrap();
    let mut said = HashMap::new();
    for (number, code) in examples.enumerate() {
        let name = format!("example_{number}");
        let mut program = format!("#![allow(unused)]\n{code}");
        if !code.contains("fn main()") {
            let _ = writeln!(program, "\nfn main() {{}}");
        }
        fs::write(folder.join(format!("src/bin/{name}.rs")), program).unwrap();
        said.insert(name, Said::default());
    }
    fs::write(folder.join("Cargo.toml"), MANIFEST).unwrap();
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();

    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["check", "--offline", "--bins", "--keep-going", "--message-format=json", "--target-dir", "target"]);
    // Coverage and linters set these for the workspace, not for the examples.
    cargo.current_dir(&folder).env_remove("RUSTFLAGS").env_remove("RUSTC_WRAPPER");
    let output = cargo.output().unwrap();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let message: JsonValue = line.parse().unwrap();
        if message["reason"].get::<String>().unwrap() != "compiler-message" {
            continue;
        }
        let name: &String = message["target"]["name"].get().unwrap();
        let Some(said) = said.get_mut(name) else { continue };
        let rendered: &String = message["message"]["rendered"].get().unwrap();
        said.lines.extend(rendered.lines().map(without_gutter));
        if let Some(code) = message["message"]["code"].get::<HashMap<String, JsonValue>>() {
            said.codes.push(code["code"].get::<String>().unwrap().clone());
        }
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    let silent = said.values().any(|said| said.lines.is_empty());
    assert!(!silent, "there is an example that compiles, or that cargo did not reach:\n{complaint}");
    said
}

/// A line of a message without the number of the line in the source.
fn without_gutter(line: &str) -> String {
    let line = line.trim_end();
    match line.split_once('|') {
        Some((gutter, rest)) if gutter.trim().parse::<u32>().is_ok() || gutter.trim().is_empty() => {
            format!("| {}", rest.trim_start_matches('-').trim())
        }
        _ => line.trim_start().to_owned(),
    }
}

fn rustc_version() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim_start_matches("rustc ").to_owned()
}
