//! The topic's own flags.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::process::{Command, Output};

fn run(flags: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_producer-consumer")).args(flags).output().unwrap()
}

#[test]
fn a_mistake_without_naive_is_refused() {
    let output = run(&["--fast", "--mistake", "3"]);
    assert_eq!(output.status.code(), Some(2));
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(complaint.contains("--mistake changes only the version that goes wrong: add --naive."), "{complaint}");
}

#[test]
fn the_title_and_look_say_which_mistake_is_shown() {
    for (mistake, look) in [("1", "one item at a time"), ("3", "never end"), ("4", "no limit"), ("5", "never end")] {
        let text = String::from_utf8(run(&["--fast", "--naive", "--mistake", mistake]).stdout).unwrap();
        assert!(text.starts_with(&format!("producer-consumer, naive, mistake {mistake}: ")), "{text}");
        assert!(text.split_once("Look: ").unwrap().1.replace('\n', " ").contains(look), "{text}");
    }
}
