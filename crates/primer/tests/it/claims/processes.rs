//! Child processes.

#![cfg(unix)]

use std::os::unix::process::ExitStatusExt;

use room::everywhere;
use tokio::process::Command;

use super::real_io;

#[test]
fn a_command_goes_through_no_shell() {
    everywhere(|world| {
        real_io(world, async {
            let output = Command::new("echo").arg("$HOME; exit 1").output().await.unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), "$HOME; exit 1\n");
        });
    });
}

#[test]
fn kill_of_a_child_is_a_sigkill() {
    everywhere(|world| {
        real_io(world, async {
            let mut child = Command::new("sleep").arg("60").spawn().unwrap();
            child.kill().await.unwrap();
            assert_eq!(child.wait().await.unwrap().signal(), Some(9));
        });
    });
}

#[test]
fn the_two_outputs_of_a_child_stay_apart() {
    everywhere(|world| {
        real_io(world, async {
            let output = Command::new("sh").arg("-c").arg("echo out; echo err >&2").output().await.unwrap();
            assert_eq!((&output.stdout[..], &output.stderr[..]), (&b"out\n"[..], &b"err\n"[..]));
        });
    });
}
