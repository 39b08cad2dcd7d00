//! The ends of a story that come from outside: Ctrl-C, and a signal that only its own process gets.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

#[test]
fn ctrl_c_while_the_runtime_is_blocked_draws_what_was_recorded_so_far() {
    // The signal may come in the moment between the first line and the first lane, where there is nothing to draw yet.
    let drawn = (0..20).map(|_| interrupted()).any(|rest| rest.contains("users") && rest.contains("still open"));
    assert!(drawn, "in twenty attempts, no lane was drawn");
}

/// Starts the naive story, presses Ctrl-C after its first line, and returns what it printed then.
fn interrupted() -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sync-vs-async"));
    // The first service blocks the only thread for longer than any test may take.
    command.args(["--naive", "--slowest", "60000"]).stdout(Stdio::piped());
    let mut story = command.spawn().unwrap();
    let mut output = BufReader::new(story.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("asking") {
        line.clear();
        assert!(output.read_line(&mut line).unwrap() > 0, "the story ended before it began");
    }
    let kill = Command::new("kill").args(["-INT", &story.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert_eq!(story.wait().unwrap().code(), Some(130), "{rest}");
    assert!(rest.contains("stopped by Ctrl-C"), "{rest}");
    rest
}

#[test]
fn the_twin_ends_with_the_story_that_started_it() {
    if room::python().is_none() {
        return;
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_sync-vs-async"));
    command.args(["--asyncio", "--slowest", "60000"]).stdout(Stdio::piped());
    let mut story = command.spawn().unwrap();
    let mut output = BufReader::new(story.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("asking") {
        line.clear();
        assert!(output.read_line(&mut line).unwrap() > 0, "the twin ended before it began");
    }
    let kill = Command::new("kill").args(["-KILL", &story.id().to_string()]).status().unwrap();
    assert!(kill.success());
    story.wait().unwrap();
    // The twin writes there, too: the output ends when both are gone.
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "the twin goes on");
    let left = std::env::temp_dir().join(format!("story-{}-0.json", story.id()));
    assert!(!left.exists(), "{}", left.display());
}
