//! Ctrl-C in the middle of a story draws what was recorded so far, also while the runtime is blocked.

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
