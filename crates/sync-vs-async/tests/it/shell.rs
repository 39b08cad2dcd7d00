//! The topic's own flags.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::process::{Command, Output};

fn run(flags: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sync-vs-async")).args(flags).output().unwrap()
}

#[test]
fn cost_beside_another_flag_is_refused() {
    for flags in [["--cost", "--both"], ["--naive", "--cost"], ["--cost", "--svg=a.svg"]] {
        let output = run(&flags);
        assert_eq!(output.status.code(), Some(2), "{flags:?}");
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert!(complaint.contains("--cost tells no story, so leave the other flags out."), "{complaint}");
    }
    let twice = String::from_utf8(run(&["--cost", "--cost"]).stderr).unwrap();
    assert!(twice.contains("--cost is given twice."), "{twice}");
    assert!(run(&["--cost", "--nope"]).status.code() == Some(2));
    assert!(String::from_utf8(run(&["--cost", "--help"]).stdout).unwrap().contains("Usage:"));
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_not_utf8_is_no_panic() {
    use std::os::unix::ffi::OsStrExt;
    let output = Command::new(env!("CARGO_BIN_EXE_sync-vs-async")).arg(std::ffi::OsStr::from_bytes(b"\xff")).output();
    assert_eq!(output.unwrap().status.code(), Some(2));
}
