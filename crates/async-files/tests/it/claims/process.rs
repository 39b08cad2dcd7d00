//! What happens to a file when its process ends, and when it may open no more.

use std::env;
use std::process::{Command, Output};

use tempfile::TempDir;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use tokio::runtime::Runtime;

use super::{Held, with_a_pool_of_one};

/// Set in a process that runs one test of this file as its program, to the folder for its files.
const CHILD: &str = "ASYNC_FILES_CHILD";

/// Runs this test again, in a process of its own.
fn in_a_child(test: &str, folder: &TempDir) -> Output {
    let mut child = Command::new(env::current_exe().unwrap());
    let test = format!("claims::process::{test}");
    child.args(["--exact", &test, "--nocapture"]).env(CHILD, folder.path()).current_dir(folder).output().unwrap()
}

#[test]
fn a_process_that_exits_before_the_flush_loses_the_text() {
    if let Some(folder) = env::var_os(CHILD) {
        let path = std::path::Path::new(&folder).join("file");
        with_a_pool_of_one(room::World::OneThread, async {
            let mut file = File::create(path).await.unwrap();
            let _held = Held::pool().await;
            file.write_all(b"tea").await.unwrap();
            std::process::exit(0);
        });
    }
    let folder = tempfile::tempdir().unwrap();
    let output = in_a_child("a_process_that_exits_before_the_flush_loses_the_text", &folder);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(std::fs::read(folder.path().join("file")).unwrap(), b"");
}

#[test]
fn a_process_that_returns_from_main_keeps_the_text() {
    if let Some(folder) = env::var_os(CHILD) {
        // As `#[tokio::main]` does.
        Runtime::new().unwrap().block_on(async {
            let path = std::path::Path::new(&folder).join("file");
            File::create(path).await.unwrap().write_all(b"tea").await.unwrap();
        });
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let output = in_a_child("a_process_that_returns_from_main_keeps_the_text", &folder);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(std::fs::read(folder.path().join("file")).unwrap(), b"tea");
}

#[test]
#[cfg(unix)]
fn a_process_may_not_open_all_files_at_once_but_a_few_after_another_on_unix() {
    use async_files::{naive, read_all};
    const FILES: usize = 300;
    if let Some(folder) = env::var_os(CHILD) {
        let paths = || (0..FILES).map(|number| std::path::Path::new(&folder).join(number.to_string()));
        Runtime::new().unwrap().block_on(async {
            let error = naive::read_all(paths()).await.unwrap_err();
            assert!(error.to_string().contains("Too many open files"), "{error}");
            assert_eq!(read_all(paths(), 16).await.unwrap().len(), FILES);
        });
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for number in 0..FILES {
        std::fs::write(folder.path().join(number.to_string()), "").unwrap();
    }
    let test = "claims::process::a_process_may_not_open_all_files_at_once_but_a_few_after_another_on_unix";
    let limited = format!("ulimit -n 128; exec \"$0\" --exact {test}");
    let child =
        Command::new("sh").args(["-c", &limited]).arg(env::current_exe().unwrap()).env(CHILD, folder.path()).output();
    let output = child.unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_temporary_file_of_a_process_that_crashed_is_not_in_the_way() {
    if let Some(folder) = env::var_os(CHILD) {
        let folder = std::path::Path::new(&folder);
        for number in 0..3 {
            std::fs::write(folder.join(format!(".file.{}-{number}.tmp", std::process::id())), "left behind").unwrap();
        }
        Runtime::new().unwrap().block_on(async_files::atomic_save(folder.join("file"), "tea")).unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let output = in_a_child("a_temporary_file_of_a_process_that_crashed_is_not_in_the_way", &folder);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(std::fs::read(folder.path().join("file")).unwrap(), b"tea");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4);
}

#[test]
fn a_file_in_the_current_folder_needs_no_folder_in_its_path() {
    if env::var_os(CHILD).is_some() {
        Runtime::new().unwrap().block_on(async_files::atomic_save("file", "tea")).unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let output = in_a_child("a_file_in_the_current_folder_needs_no_folder_in_its_path", &folder);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(std::fs::read(folder.path().join("file")).unwrap(), b"tea");
}
