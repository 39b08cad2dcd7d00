//! Child processes.

#![cfg(unix)]

use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;

use room::everywhere;
use tokio::io::AsyncReadExt;
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

#[test]
fn one_pipe_for_both_outputs_of_a_child_merges_them() {
    everywhere(|world| {
        real_io(world, async {
            let (reader, writer) = std::io::pipe().unwrap();
            let mut command = Command::new("sh");
            command.arg("-c").arg("echo out; echo err >&2; echo out again");
            command.stdout(writer.try_clone().unwrap()).stderr(writer);
            let mut child = command.spawn().unwrap();
            // The command holds the writer too, and while it does the reader sees no end.
            drop(command);
            let mut merged = String::new();
            let mut reader = tokio::net::unix::pipe::Receiver::from_owned_fd(reader.into()).unwrap();
            reader.read_to_string(&mut merged).await.unwrap();
            assert!(child.wait().await.unwrap().success());
            assert_eq!(merged, "out\nerr\nout again\n");
        });
    });
}

#[test]
fn try_wait_returns_none_while_the_child_runs() {
    everywhere(|world| {
        real_io(world, async {
            let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
            assert!(child.id().is_some());
            assert_eq!(child.try_wait().unwrap(), None);
            // Without its standard input the child ends.
            drop(child.stdin.take());
            assert!(child.wait().await.unwrap().success());
            assert!(child.try_wait().unwrap().is_some_and(|status| status.success()));
        });
    });
}

#[test]
fn a_child_that_was_awaited_has_no_id_any_more() {
    everywhere(|world| {
        real_io(world, async {
            let mut child = Command::new("true").spawn().unwrap();
            child.wait().await.unwrap();
            assert_eq!(child.id(), None);
        });
    });
}
