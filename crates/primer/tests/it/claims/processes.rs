//! Child processes.

#![cfg(unix)]

use std::os::unix::process::ExitStatusExt;

use tokio::process::Command;

#[tokio::test]
async fn a_command_goes_through_no_shell() {
    let output = Command::new("echo").arg("$HOME; exit 1").output().await.unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "$HOME; exit 1\n");
}

#[tokio::test]
async fn kill_of_a_child_is_a_sigkill() {
    let mut child = Command::new("sleep").arg("60").spawn().unwrap();
    child.kill().await.unwrap();
    assert_eq!(child.wait().await.unwrap().signal(), Some(9));
}

#[tokio::test]
async fn the_two_outputs_of_a_child_stay_apart() {
    let output = Command::new("sh").arg("-c").arg("echo out; echo err >&2").output().await.unwrap();
    assert_eq!((&output.stdout[..], &output.stderr[..]), (&b"out\n"[..], &b"err\n"[..]));
}
