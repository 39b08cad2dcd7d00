//! What the pages show of compile errors is what rustc really says.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use room::code_blocks;
use tinyjson::JsonValue;

use crate::pages::{PAGES, page, quotes, workspace};

/// The compiler whose words the page shows; another one may say it differently.
const RUSTC: &str = "1.95";

/// What the examples depend on, apart from the standard library and `timeline`.
const MANIFEST: &str = r#"[package]
name = "gallery"
edition = "2024"

[workspace]

[dependencies]
futures = "0.3"
tokio = { version = "1", features = ["fs", "io-util", "macros", "rt-multi-thread", "sync", "time"] }
"#;

/// The test that the rows about the programs below name as their proof.
const PROOF: &str = "[rustc says so of such a program and accepts the cure]";

/// A task's function, for the programs below.
const PRICE: &str = "async fn price() -> Result<u32, String> {\n    Ok(42)\n}\n";

/// Words of the row, its code, a program that rustc refuses, and the same one after the cure.
const ROWS: [(&str, &str, &str, &str); 14] = [
    (
        "incompatible types",
        "E0308",
        "async fn total() -> Result<u32, String> { price().await? }",
        "async fn total() -> Result<u32, String> { Ok(price().await?) }",
    ),
    (
        "incompatible types",
        "E0308",
        "async fn total() -> Result<String, String> { let text: String = price().await?; Ok(text) }",
        "async fn total() -> Result<String, String> { let text: String = price().await?.to_string(); Ok(text) }",
    ),
    (
        "JoinError>",
        "E0308",
        "async fn total() -> Result<u32, Box<dyn std::error::Error>> { let price = tokio::spawn(price()).await?; Ok(price) }",
        "async fn total() -> Result<u32, Box<dyn std::error::Error>> { let price = tokio::spawn(price()).await??; Ok(price) }",
    ),
    (
        "JoinError>",
        "E0308",
        "async fn total() -> Result<u32, Box<dyn std::error::Error>> { tokio::spawn(price()).await }",
        "async fn total() -> Result<u32, Box<dyn std::error::Error>> { Ok(tokio::spawn(price()).await??) }",
    ),
    (
        "couldn't convert the error",
        "E0277",
        "async fn total() -> Result<u32, String> { tokio::spawn(price()).await? }",
        "async fn total() -> Result<u32, String> { tokio::spawn(price()).await.map_err(|error| error.to_string())? }",
    ),
    (
        "values that implement `Try`",
        "E0277",
        "async fn total() -> Result<u32, String> { Ok(price()?) }",
        "async fn total() -> Result<u32, String> { Ok(price().await?) }",
    ),
    (
        "named `lane`",
        "E0599",
        "use timeline::record;\nasync fn total() { let _ = price().lane(\"price\").await; }",
        "use timeline::{LaneExt, record};\nasync fn total() { let _ = price().lane(\"price\").await; }",
    ),
    (
        "`Result::<T, E>::unwrap`",
        "E0277",
        "struct Order;\nfn order(sender: tokio::sync::oneshot::Sender<Order>) { sender.send(Order).unwrap(); }",
        "struct Order;\nfn order(sender: tokio::sync::oneshot::Sender<Order>) { let _ = sender.send(Order); }",
    ),
    (
        "is not a future",
        "E0277",
        "async fn order(sender: tokio::sync::oneshot::Sender<u32>) { let _ = sender.send(7).await; }",
        "async fn order(sender: tokio::sync::oneshot::Sender<u32>) { let _ = sender.send(7); }",
    ),
    (
        "not declared as mutable",
        "E0596",
        "fn tasks() { let set = tokio::task::JoinSet::new(); set.spawn(price()); }",
        "fn tasks() { let mut set = tokio::task::JoinSet::new(); set.spawn(price()); }",
    ),
    (
        "not declared as mutable",
        "E0596",
        "async fn orders() { let (sender, receiver) = tokio::sync::mpsc::channel::<u32>(1); receiver.recv().await; }",
        "async fn orders() { let (sender, mut receiver) = tokio::sync::mpsc::channel::<u32>(1); receiver.recv().await; }",
    ),
    (
        "not declared as mutable",
        "E0596",
        "async fn add(total: &tokio::sync::Mutex<u32>) { let total = total.lock().await; *total += 1; }",
        "async fn add(total: &tokio::sync::Mutex<u32>) { let mut total = total.lock().await; *total += 1; }",
    ),
    (
        "not declared as mutable",
        "E0594",
        "async fn add() { let total = 1; let task = async { total += 1 }; task.await; }",
        "async fn add() { let mut total = 1; let task = async { total += 1 }; task.await; }",
    ),
    (
        "behind a `&` reference",
        "E0596",
        "async fn first(set: &tokio::task::JoinSet<u32>) { set.join_next().await; }",
        "async fn first(set: &mut tokio::task::JoinSet<u32>) { set.join_next().await; }",
    ),
];

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
    let said = compile("gallery", wrong.iter().map(|index| blocks[*index].1));
    let silent = said.values().any(|said| said.lines.is_empty());
    assert!(!silent, "there is an example that compiles, or that cargo did not reach: {said:#?}");
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

#[test]
fn rustc_says_so_of_such_a_program_and_accepts_the_cure() {
    let messages = page("messages");
    let rows: Vec<_> = messages.lines().filter(|line| line.contains(PROOF)).collect();
    let programs: Vec<_> = ROWS.iter().flat_map(|row| [row.2, row.3]).map(|code| format!("{PRICE}\n{code}")).collect();
    let said = compile("rows", programs.iter().map(String::as_str));
    let mut quoted = vec![String::new(); rows.len()];
    for (number, (words, code, ..)) in ROWS.iter().enumerate() {
        let wrong = &said[&format!("example_{}", 2 * number)];
        let cured = &said[&format!("example_{}", 2 * number + 1)];
        let mut holders = (0..rows.len()).filter(|at| cell(rows[*at]).contains(words));
        let at = holders.next().unwrap_or_else(|| panic!("no row says {words:?}"));
        assert_eq!((holders.next(), wrong.codes.as_slice()), (None, [(*code).to_owned()].as_slice()), "{wrong:#?}");
        assert!(cell(rows[at]).contains(code), "{code}: {}", rows[at]);
        assert!(cured.codes.is_empty(), "{words}: {cured:#?}");
        quoted[at] += &wrong.lines.join("\n");
    }
    if !rustc_version().starts_with(RUSTC) {
        eprintln!("SKIPPED: rustc's words, which are those of {RUSTC}; the codes are checked.");
        return;
    }
    for (row, said) in rows.iter().zip(quoted) {
        for words in quotes(cell(row)) {
            assert!(said.contains(words), "rustc does not say {words:?}:\n{said}");
        }
    }
}

/// The first cell of a row.
fn cell(row: &str) -> &str {
    row.split(" | ").next().unwrap_or_default()
}

/// Compiles each example as a program of its own, in one package, and returns what the compiler said about each.
fn compile<'a>(package: &str, examples: impl Iterator<Item = &'a str>) -> HashMap<String, Said> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(package);
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
    let timeline = workspace().join("crates/timeline");
    fs::write(folder.join("Cargo.toml"), format!("{MANIFEST}timeline = {{ path = '{}' }}\n", timeline.display()))
        .unwrap();
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();

    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "check",
        "--offline",
        "--bins",
        "--keep-going",
        "--message-format=json",
        "--target-dir",
        "../gallery/target",
    ]);
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
    // What cargo says about the package itself, for example that a dependency is missing.
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(said.values().any(|said| !said.lines.is_empty()), "cargo reached no example:\n{complaint}");
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
